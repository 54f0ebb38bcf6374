"""What the drain does between batches: files put together, days added up, what is old deleted."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from keepwell.apps.usage.draining import tending
from keepwell.apps.usage.draining.batch import Drain
from keepwell.apps.usage.draining.rows import local_days
from keepwell.apps.usage.models import SeenMessage
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
def test_many_small_files_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tending, "MANY_FILES", 4)
    drain = filled(3)
    assert tending.squeeze(drain.tables) == 0
    accepted(message(8, user="u"))
    drain.next()
    assert tending.squeeze(drain.tables) == 8
    assert len(drain.tables.events.files()) == len(drain.tables.daily.files()) == 1
    assert len(events()) == 4


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
