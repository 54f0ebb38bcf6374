"""A dataset of usage as the relation: whose, what, and on which day, in the project's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from keepwell.definitions import parse_project
from keepwell.engine.adoption.relation import usage
from keepwell.lake.warehouse import DuckDBWarehouse


@pytest.fixture
def warehouse() -> Iterator[DuckDBWarehouse]:
    with DuckDBWarehouse(threads=1) as opened:
        yield opened


def read(warehouse: DuckDBWarehouse, dataset: dict[str, Any], rows: pa.Table, as_of: date) -> list[dict[str, Any]]:
    project = parse_project({"datasets": {"used": {"table": "used", **dataset}}}, {"time_zone": "Europe/Berlin"})
    warehouse.add_arrow("used", rows)
    found = warehouse.run(usage(project, "used", warehouse.table("used"), as_of=as_of)).to_pylist()
    return sorted(found, key=lambda row: row["moment"])


EVENTS = {"account": "org", "person": "who", "event": "what", "occurred_at": "at"}


def test_days_are_those_of_the_project(warehouse: DuckDBWarehouse) -> None:
    times = [datetime(2026, 3, 1, 22, tzinfo=UTC), datetime(2026, 3, 1, 23, 30, tzinfo=UTC)]
    rows = pa.table({"org": [7, 7], "who": ["p", "p"], "what": ["a", "b"], "at": pa.array(times)})
    assert [row["day"] for row in read(warehouse, EVENTS, rows, date(2026, 3, 2))] == [
        date(2026, 3, 1), date(2026, 3, 2),
    ]  # fmt: skip
    (early,) = read(warehouse, EVENTS, rows, date(2026, 3, 1))
    assert early == {
        "account": "7", "person": "p", "event": "a", "feature": None, "day": date(2026, 3, 1),
        "moment": datetime(2026, 3, 1, 22), "events": 1,
    }  # fmt: skip


def test_the_day_that_the_lake_wrote_is_taken(warehouse: DuckDBWarehouse) -> None:
    at = pa.array([datetime(2026, 3, 1, 22, tzinfo=UTC)])
    rows = pa.table({"org": ["x"], "who": ["p"], "what": ["a"], "at": at, "local_day": [date(2026, 3, 9)]})
    assert read(warehouse, EVENTS, rows, date(2026, 3, 8)) == []
    assert read(warehouse, EVENTS, rows, date(2026, 3, 9))[0]["day"] == date(2026, 3, 9)


def test_totals_of_days_say_how_many_events_they_stand_for(warehouse: DuckDBWarehouse) -> None:
    rows = pa.table({"org": ["x"], "who": ["p"], "area": ["boards"], "n": [12], "on": [date(2026, 3, 1)]})
    dataset = {"account": "org", "person": "who", "feature": "area", "events": "n", "occurred_at": "on"}
    (found,) = read(warehouse, dataset, rows, date(2026, 3, 1))
    assert (found["event"], found["feature"], found["events"]) == ("boards", "boards", 12)
