"""Questions that take long: the page says so and goes on, the figures arrive, and what never ends is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from keepwell.apps.adoption.counting import COUNTING, Counting, ManyAsk, StillCounting, TookTooLong, Watch, waiting
from keepwell.apps.customers.models import Account
from keepwell.lake.warehouse import DuckDBWarehouse
from keepwell.lake.warehouse.statements import Statements

ENDLESS = "select count(*) as n from range(3000000) as a(x), range(3000000) as b(y) where x * y % 7 = 3"


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def seconds() -> Iterator[Callable[[int], None]]:
    """Sets how long a question may take."""
    before = settings.ENVIRONMENT.count_limit
    yield lambda limit: object.__setattr__(settings.ENVIRONMENT, "count_limit", limit)
    object.__setattr__(settings.ENVIRONMENT, "count_limit", before)


def ask(statement: str) -> Callable[[], Callable[[Watch], Any]]:
    def work(watch: Watch) -> Any:
        with DuckDBWarehouse(threads=1) as warehouse:
            statements = Statements(warehouse)
            watch(statements)
            return statements.ask(statement)["n"][0].as_py()

    return lambda: work


def test_an_answer_is_kept_until_what_it_rests_on_changes(counting: Counting) -> None:
    asked: list[int] = []

    def prepare() -> Callable[[Watch], int]:
        return lambda _: asked.append(1) or len(asked)

    assert [counting.of("q", version, prepare) for version in (1, 1, 2, 2)] == [1, 1, 2, 2]


def test_those_who_ask_the_same_at_once_wait_for_one_answer(counting: Counting) -> None:
    begun, go = [], threading.Event()

    def prepare() -> Callable[[Watch], bool]:
        return lambda _: begun.append(1) or go.wait(5)

    others = [threading.Thread(target=counting.of, args=("q", 1, prepare)) for _ in range(5)]
    for one in others:
        one.start()
    time.sleep(0.1)
    go.set()
    for one in others:
        one.join()
    assert len(begun) == 1


def test_what_takes_longer_is_given_to_those_who_come_back(counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keepwell.apps.adoption.counting.SLOW_SECONDS", 0.05)
    go = threading.Event()
    with waiting(0.05), pytest.raises(StillCounting) as still:
        counting.of("q", 1, lambda: lambda _: go.wait(5) and "the answer")
    assert still.value.limit == settings.ENVIRONMENT.count_limit
    go.set()
    time.sleep(0.05)
    with waiting(1):  # rows came in meanwhile: a newer version, and the answer that was asked for all the same
        assert counting.of("q", 2, lambda: lambda _: "another") == "the answer"


@pytest.mark.slow
def test_a_statement_that_never_ends_is_stopped(counting: Counting, seconds: Callable[[int], None]) -> None:
    seconds(1)
    began = time.monotonic()
    with pytest.raises(TookTooLong, match="longer than 1 seconds and was stopped: choose a segment or fewer days"):
        counting.of("q", 1, ask(ENDLESS))
    assert time.monotonic() - began < 3
    assert counting.of("other", 1, ask("select 7 as n")) == 7


@pytest.mark.slow
def test_long_ones_hold_up_nobody_forever_and_not_more_than_some_may_wait(
    counting: Counting, seconds: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keepwell.apps.adoption.counting.MOST_WAITING", 3)
    seconds(1)
    for name in ("a", "b"):
        with waiting(0), pytest.raises(StillCounting):
            counting.of(name, 1, ask(ENDLESS))
    with waiting(0), pytest.raises(StillCounting):
        counting.of("quick", 1, ask("select 7 as n"))
    with waiting(0), pytest.raises(ManyAsk):
        counting.of("one more", 1, ask("select 7 as n"))
    assert counting.of("quick", 1, ask("select 7 as n")) == 7  # its turn comes when one of the others is stopped


@pytest.mark.slow
def test_the_page_says_that_it_counts_and_the_figures_arrive(
    used: Account, as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    original = COUNTING.of

    def slow(key: Any, version: Any, prepare: Any) -> Any:
        def prepared() -> Any:
            work = prepare()
            return lambda watch: go.wait(10) and work(watch)

        return original(key, version, prepared)

    monkeypatch.setattr(COUNTING, "of", slow)
    monkeypatch.setattr("keepwell.apps.adoption.counting.OF_PAGES", 0.1)
    began = time.monotonic()
    first = as_owner.get("/usage/", headers={"HX-Request": "true"}).content.decode()
    assert time.monotonic() - began < 2
    assert 'hx-get="/usage/" hx-trigger="load delay:1s"' in first
    assert "<progress" in first
    assert "Daily active users" not in first
    panel = as_owner.get("/customers/acme/panels/usage/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-get="/customers/acme/panels/usage/"' in panel
    monkeypatch.setattr("keepwell.apps.adoption.counting.OF_CALLS", 0.1)
    called = as_owner.get("/api/v1/usage/active")
    assert (called.status_code, called["Retry-After"]) == (503, "5")
    assert called.json()["type"].endswith("not-yet")
    go.set()
    monkeypatch.setattr("keepwell.apps.adoption.counting.OF_PAGES", 10)
    assert "Daily active users" in as_owner.get("/usage/", headers={"HX-Request": "true"}).content.decode()


@pytest.mark.slow
def test_the_page_says_what_was_stopped_and_what_to_do(
    used: Account, as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any) -> Any:
        raise TookTooLong("counting took longer than 30 seconds and was stopped: choose a segment or fewer days")

    monkeypatch.setattr(COUNTING, "of", stopped)
    answer = as_owner.get("/usage/retention/?period=day", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "This could not be counted" in answer.content.decode()
    assert "Counting took longer than 30 seconds" in answer.content.decode()
    assert 'href="/usage/retention/?period=day">Try again' in answer.content.decode()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_counting_opened_is_closed_with_the_answer() -> None:
    def opens(_: Watch) -> int:
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            return int(cursor.fetchone()[0])

    opened = Counting().of("q", 1, lambda: opens)
    with connection.cursor() as cursor:
        for _ in range(100):  # the server notices a little later
            cursor.execute("select count(*) from pg_stat_activity where pid = %s", [opened])
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.05)
    pytest.fail("the connection is still open")
