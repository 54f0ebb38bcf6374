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


def through(warehouse: DuckDBWarehouse, as_of: date, **more: Any) -> dict[str, str | None]:
    """Accounts of people who are found through a dataset of users."""
    users = {"table": "users", "key": "u", "account": "org", **more}
    used = {"table": "used", "account": {"via": "users", "on": "who"}, "person": "who", "event": "what",
            "occurred_at": "at"}  # fmt: skip
    accounts = {"table": "accounts", "role": "accounts", "key": "id"}
    project = parse_project({"datasets": {"accounts": accounts, "users": users, "used": used}})
    changed = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 1)]
    warehouse.add_arrow("users", pa.table({"u": ["p", "p", "q"], "org": ["acme", "brix", "cato"], "since": changed}))
    at = pa.array([datetime(2026, 1, 15, tzinfo=UTC)] * 3)
    warehouse.add_arrow("used", pa.table({"who": ["p", "q", "r"], "what": ["x"] * 3, "at": at}))
    rows = usage(project, "used", warehouse.table("used"), as_of=as_of, between=warehouse.table("users"))
    return {row["person"]: row["account"] for row in warehouse.run(rows).to_pylist()}


def test_accounts_through_another_dataset_are_those_of_its_last_change(warehouse: DuckDBWarehouse) -> None:
    early = through(warehouse, date(2026, 1, 20), changed_at="since")
    assert early == {"p": "acme", "q": "cato", "r": None}
    assert through(warehouse, date(2026, 2, 2), changed_at="since")["p"] == "brix"


def test_a_key_with_several_accounts_takes_the_smallest(warehouse: DuckDBWarehouse) -> None:
    assert through(warehouse, date(2026, 1, 20))["p"] == "acme"
