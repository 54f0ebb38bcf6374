"""When it is too much, and when the database is gone: what clients are told, and that nothing is lost silently."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from keepwell.apps.usage.ingestion.application import Limits
from keepwell.apps.usage.ingestion.connecting import connect
from keepwell.apps.usage.ingestion.rates import Rates
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken
from keepwell.errors import RequestRefused
from keepwell.server.environment import check_environment, read_environment
from tests.apps.usage.ingestion.box import Box, track


def until(seconds: float, found: object) -> Iterator[None]:
    """So long something is waited for."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.05)
    raise AssertionError(found)


def test_a_key_beyond_its_rate_is_told_when_to_come_again(box: Box) -> None:
    with Box(box.connection, Limits(rate=50)) as limited:
        assert limited.send(*[track(messageId=str(n)) for n in range(120)]).status == 200
        answer = limited.send(track())
    assert (answer.status, answer.said["code"], answer.headers["Retry-After"]) == (429, "rate_limited", "2")
    assert len(box.stored()) == 120


def test_one_key_does_not_use_up_what_another_may() -> None:
    rates = Rates(10)
    rates.take(1, 1000)
    rates.take(2, 1)
    with pytest.raises(RequestNotTaken):
        rates.take(1, 1)


def test_without_a_limit_nothing_is_counted() -> None:
    rates = Rates(0)
    for _ in range(3):
        rates.take(1, 10**9)


@pytest.mark.slow
def test_beyond_the_backlog_the_answer_is_503_until_there_is_room(box: Box) -> None:
    with Box(box.connection, Limits(waiting=2)) as full:
        assert full.send(*[track(messageId=str(n)) for n in range(3)]).status == 200
        for _ in until(10, "it was never full"):
            answer = full.send()
            if answer.status != 200:
                break
        assert (answer.status, answer.said["code"], answer.headers["Retry-After"]) == (503, "busy", "10")
        box.connection.execute("delete from usage_inbox")
        for _ in until(10, "there was never room again"):
            if full.send(track()).status == 200:
                break
    assert [one["id"] for one in box.stored()] == ["m-1"]


def test_what_came_with_a_key_is_counted(box: Box) -> None:
    with Box(box.connection) as first, Box(box.connection) as second:
        first.send(track(), track(messageId="b"), {"type": "track"})
        second.send(track(messageId="c"))
    rows = box.connection.execute(
        "select accepted, refused, last_at > now() - interval '1 minute' from usage_reception"
    )
    assert rows.fetchall() == [(3, 1, True)]


def test_without_the_database_the_answer_is_503_and_afterwards_all_is_well(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert box.send(track(messageId="before")).status == 200
    with monkeypatch.context() as gone:
        gone.setitem(connections["default"].settings_dict, "HOST", "/nowhere")
        box.connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'keepwell ingestion' "
            "and pid <> pg_backend_pid()"
        )
        answer = box.send(track(messageId="during"))
        assert (answer.status, answer.said["code"], answer.headers["Retry-After"]) == (503, "unavailable", "5")
        assert box.post("/v1/t", track(), key="wk_unknown").status == 503, "nobody can tell whether it is one"
    assert box.send(track(messageId="after")).status == 200
    assert [one["id"] for one in box.stored()] == ["before", "after"]


def test_a_connection_that_broke_is_made_anew_without_anybody_noticing(box: Box) -> None:
    assert box.send(track(messageId="a")).status == 200
    box.connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'keepwell ingestion' "
        "and pid <> pg_backend_pid()"
    )
    assert box.send(track(messageId="b")).status == 200
    assert [one["id"] for one in box.stored()] == ["a", "b"]


@pytest.mark.slow
def test_requests_of_many_threads_share_commits_and_each_is_there_when_it_is_answered(box: Box) -> None:
    def send(number: int) -> bool:
        assert box.send(track(messageId=f"m-{number:03}"), {"type": "track"}).status == 200
        found = box.connection.execute(
            "select count(*) from usage_inbox where position(%b::bytea in body) > 0", [f"m-{number:03}".encode()]
        )
        return found.fetchone() == (1,)

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(send, range(200)))
    assert sorted(one["id"] for one in box.stored()) == sorted(f"m-{number:03}" for number in range(200))
    assert len(box.refused()) == 200
    (commits,) = box.connection.execute("select count(distinct xmin::text) from usage_inbox").fetchone() or (0,)
    assert commits < 200, "requests that came together were committed together"


def test_it_is_on_disk_when_it_is_answered(box: Box) -> None:
    """Whatever the database's own setting says."""
    (name,) = box.connection.execute("select current_database()").fetchone() or ("",)
    box.connection.execute(f"alter database {name} set synchronous_commit to off")
    try:
        with connect() as connection:
            assert connection.execute("show synchronous_commit").fetchone() == ("on",)
    finally:
        box.connection.execute(f"alter database {name} reset synchronous_commit")


@pytest.mark.parametrize("name", ["KEEPWELL_INBOX_LIMIT", "KEEPWELL_KEY_RATE"])
def test_limits_are_numbers(name: str) -> None:
    with pytest.raises(RequestRefused, match=f"{name} is 'many': say how many messages"):
        check_environment({"DATABASE_URL": "postgresql://h/d", name: "many"})
    read = read_environment({"DATABASE_URL": "postgresql://h/d", "KEEPWELL_SECRET_KEY": "x" * 40, name: "7"})
    assert 7 in (read.inbox_limit, read.key_rate)
