"""What the drain does between batches: files put together, days added up, what is old deleted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from django.conf import settings

from keepwell.apps.usage.draining import tending
from keepwell.apps.usage.draining.batch import Drain
from keepwell.apps.usage.draining.rows import local_days
from keepwell.apps.usage.draining.tending import Tending
from keepwell.apps.usage.models import SeenMessage
from keepwell.errors import RequestRefused
from keepwell.server.environment import Environment, read_environment
from tests.apps.usage.draining.inbox import AT, accepted, events, message, usage

pytestmark = pytest.mark.django_db


def filled(batches: int) -> Drain:
    drain = Drain()
    for number in range(batches):
        accepted(message(number, user="u", group="acme"))
        drain.next()
    return drain


@pytest.mark.slow
def test_days_that_are_over_are_added_up_and_go_on_taking_events() -> None:
    drain = filled(3)
    assert tending.settle(drain.tables, AT.date()) == 0
    assert [row["events"] for row in usage()] == [1, 1, 1]
    assert tending.settle(drain.tables, AT.date() + timedelta(days=1)) == 2
    assert [row["events"] for row in usage()] == [3]
    assert len(events()) == 3
    accepted(message(1, user="u"), message(9, user="u", group="acme"))
    batch = drain.next()
    assert batch is not None
    assert (batch.number, batch.resent) == (4, 1)
    assert sum(row["events"] for row in usage()) == 4


@pytest.mark.slow
def test_days_are_put_in_order_one_at_a_time_and_batches_come_between() -> None:
    drain = Drain()
    for number in range(4):
        accepted(message(number, user="u", group="acme", at=AT + timedelta(days=number % 2)))
        drain.next()
    tends, day = Tending(drain.tables, forgot=-tending._HOUR), AT.date() + timedelta(days=2)
    left = []
    for _ in range(4):
        tends.due(day)
        left.append(len(drain.tables.events.files()))
    assert left == [3, 2, 2, 2]
    assert tends.settled == day


@pytest.mark.slow
def test_many_small_files_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tending, "MANY_FILES", 4)
    drain = filled(3)
    assert tending.squeeze(drain.tables) == 0
    accepted(message(8, user="u"))
    drain.next()
    assert tending.squeeze(drain.tables) == 8
    assert len(drain.tables.events.files()) == len(drain.tables.daily.files()) == 1
    assert len(events()) == 4


@pytest.mark.slow
def test_single_events_go_when_they_are_old_and_daily_use_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(message(1, user="u", group="acme"), message(2, user="u", group="acme", at=AT + timedelta(days=1)))
    drain = Drain()
    drain.next()
    day = AT.date() + timedelta(days=31)
    assert Tending(drain.tables).keep is None
    assert tending.retain(drain.tables, day, None) == 0
    assert tending.retain(drain.tables, day, 31) == 0
    object.__setattr__(settings.ENVIRONMENT, "keep_events", 31)
    try:
        tends = Tending(drain.tables, forgot=-tending._HOUR)
    finally:
        object.__setattr__(settings.ENVIRONMENT, "keep_events", None)
    for _ in range(2):
        tends.due(day + timedelta(days=1))
    assert [row["message_id"] for row in events()] == ["m2"]
    assert sum(row["events"] for row in usage()) == 2


@pytest.mark.parametrize(("said", "days"), [("", None), ("all", None), ("31", 31), ("400", 400)])
def test_how_long_single_events_stay_is_a_setting(said: str, days: int | None, tmp_path: Path) -> None:
    assert _environment(tmp_path, said).keep_events == days


@pytest.mark.parametrize("said", ["30", "-1", "a year"])
def test_less_than_messages_may_come_again_is_refused(said: str, tmp_path: Path) -> None:
    with pytest.raises(RequestRefused, match=r"KEEPWELL_KEEP_EVENTS is .*: give a number of days of 31 or more"):
        _environment(tmp_path, said)


def _environment(folder: Path, said: str) -> Environment:
    named = {"DATABASE_URL": "postgresql://a@/b?host=/c", "KEEPWELL_DATA_DIR": str(folder)}
    return read_environment({**named, "KEEPWELL_KEEP_EVENTS": said})


def test_ids_are_forgotten_when_nobody_sends_again() -> None:
    drain = filled(2)
    (day,) = set(SeenMessage.objects.values_list("day", flat=True))
    tending.forget(drain.tables, day + timedelta(days=30))
    assert SeenMessage.objects.count() == 2
    tending.forget(drain.tables, day + timedelta(days=31))
    assert not SeenMessage.objects.exists()


def test_days_are_of_the_zone_of_the_project() -> None:
    moments = pa.array([AT.replace(hour=23), AT.replace(hour=2)], pa.timestamp("us", "UTC"))
    assert [day.day for day in local_days(moments, "Europe/Berlin").to_pylist()] == [3, 2]
    assert [day.day for day in local_days(moments, "America/New_York").to_pylist()] == [2, 1]
    assert [day.day for day in local_days(moments, "UTC").to_pylist()] == [2, 2]
