"""Tables of reports: history as it was shown, limits of time, and what is told where there is nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from keepwell.definitions.loading import parse_project
from keepwell.errors import RequestRefused
from keepwell.lake.data import open_data
from keepwell.lake.history import read_scores, write_scores
from keepwell.lake.place import Lake
from keepwell.lake.reporting import ReportTables
from keepwell.lake.warehouse import DuckDBWarehouse
from keepwell.lake.warehouse.limits import stopped_after
from keepwell.lake.warehouse.postgres import PostgresWarehouse

pytestmark = pytest.mark.slow


def scores(run: str, day: date, known: int, **finals: float) -> pa.Table:
    rows = [
        {
            "entity_kind": "account", "entity_id": name, "account_id": name, "as_of": day, "scorecard": "all",
            "known_at": datetime(2026, 11, known, tzinfo=UTC), "run": run, "version": "v", "computed_score": final,
            "final_score": final, "label": "green" if final > 50 else "red", "coverage": 1.0,
        }
        for name, final in finals.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def test_history_is_as_it_was_shown(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    first, second = date(2026, 10, 30), date(2026, 10, 31)
    write_scores(lake, scores("one", first, 1, a=10, b=20), "one")
    write_scores(lake, scores("two", second, 2, a=60, b=70), "two")
    write_scores(lake, scores("restated", first, 3, a=90, c=30), "restated")
    with open_data(parse_project({}), tmp_path) as data:
        tables = ReportTables(data.project, data, lambda _day, _names: None, lake=lake)
        history = tables.table("scores")
        found = tables.run(history.order_by(["account_id", "as_of"]).select("account_id", "as_of", "score", "label"))
    shown = read_scores(lake, columns=["account_id", "as_of", "final_score", "label"])
    assert found.to_pylist() == shown.rename_columns(["account_id", "as_of", "score", "label"]).to_pylist()
    assert found["score"].to_pylist() == [10, 60, 20, 70, 30]


def test_a_query_that_takes_too_long_is_stopped_with_advice() -> None:
    with DuckDBWarehouse(threads=1) as warehouse:
        warehouse.add_query("long", "select a.range * b.range as n from range(1000000) a, range(1000000) b")
        long = warehouse.table("long")
        endless = long.aggregate(n=long["n"].cast("float64").sum())
        too_long = pytest.raises(RequestRefused, match=r"longer than 0.2 seconds.* shorter period")
        with too_long, stopped_after(warehouse, 0.2):
            warehouse.run(endless)
        with stopped_after(warehouse, 5):  # the connection is as good as new
            assert warehouse.run(ibis.literal(1).name("a").as_table()).to_pylist() == [{"a": 1}]


@pytest.mark.slow
def test_a_query_of_postgresql_that_takes_too_long_is_stopped_with_advice(postgres: str) -> None:
    with PostgresWarehouse(postgres) as warehouse:
        numbers = ibis.range(0, 100_000_000).unnest().name("n").as_table()
        endless = numbers.aggregate(n=numbers["n"].cast("float64").sum())
        too_long = pytest.raises(RequestRefused, match=r"longer than 0.2 seconds.* shorter period")
        with too_long, stopped_after(warehouse, 0.2):
            warehouse.run(endless)
        with stopped_after(warehouse, 30):  # the connection is as good as new
            assert warehouse.run(ibis.literal(1).name("a").as_table()).to_pylist() == [{"a": 1}]


def test_what_only_the_application_keeps_is_told(tmp_path: Path) -> None:
    with open_data(parse_project({}), tmp_path) as data:
        tables = ReportTables(data.project, data, lambda _day, _names: None, lake=Lake(tmp_path / "lake"))
        for name in ("calls_to_action", "scores"):
            with pytest.raises(RequestRefused, match="is kept by the application, and there is none of it here"):
                tables.table(name)
        assert tables.accounts(date(2026, 10, 31), ["arr"]) is None


def test_what_was_forgotten_is_read_anew(tmp_path: Path) -> None:
    rows = [pa.table({"account_id": ["a"]}), pa.table({"account_id": ["a", "b"]})]
    with open_data(parse_project({}), tmp_path) as data:
        tables = ReportTables(data.project, data, lambda _day, _names: None, {"tasks": lambda: rows.pop(0)})
        first = tables.run(tables.table("tasks")).num_rows
        assert (first, tables.run(tables.table("tasks")).num_rows) == (1, 1)
        tables.forget(["tasks"])
        assert tables.run(tables.table("tasks")).num_rows == 2


def test_accounts_of_the_dates_asked_for_last_stay(tmp_path: Path) -> None:
    asked: list[date] = []

    def population(day: date, _names: frozenset[str]) -> pa.Table:
        asked.append(day)
        return pa.table({"account_id": ["a"]})

    days = [date(2026, 10, day) for day in range(1, 6)]
    with open_data(parse_project({}), tmp_path) as data:
        tables = ReportTables(data.project, data, population)
        for day in (*days, days[0]):
            tables.accounts(day, ["stage"])
        tables.keep_dates(2)
        asked.clear()
        for day in (days[0], days[4], days[1]):
            tables.accounts(day, ["stage"])
        assert asked == [days[1]]
        tables.forget_accounts(lambda names: "stage" in names)
        tables.accounts(days[0], ["stage"])
        assert asked == [days[1], days[0]]


def test_a_query_of_too_much_memory_is_told_what_to_do(tmp_path: Path) -> None:
    warehouse = DuckDBWarehouse(threads=1, memory_limit="20MB")
    warehouse.connection.execute("set max_temp_directory_size = '1MB'")
    with open_data(parse_project({}), tmp_path, warehouse=warehouse) as data:
        tables = ReportTables(data.project, data, lambda _day, _names: None, seconds=30)
        warehouse.add_query("much", "select range::text || repeat('x', 200) as n from range(2000000)")
        much = warehouse.table("much")
        with pytest.raises(RequestRefused, match=r"more memory than a report may take; take a shorter period"):
            tables.run(much.group_by("n").aggregate(rows=much.count()).aggregate(all=lambda one: one.count()))
