"""The SQL that runs, for a few plans, as each backend gets it: tests/backends/snapshots/<plan>.<dialect>.sql.

KEEPWELL_REWRITE=1 writes the files anew, for a person to read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pytest
import sqlglot
from ibis.config import Config

from keepwell.definitions.metrics import AggregateMetric
from keepwell.engine.metrics.aggregates import foldable_on
from keepwell.engine.metrics.cells.lowering import CellLowering
from keepwell.engine.metrics.cells.plan import is_reducible, plan_cells
from keepwell.engine.metrics.cells.stretches import may_list, stretches_of
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.lowering import Lowering
from keepwell.engine.metrics.plan import DatasetPlan, plan_metrics
from keepwell.engine.metrics.population import population
from keepwell.engine.moments import Moment, moment
from keepwell.lake.data import ProjectData
from keepwell.lake.warehouse import Warehouse
from tests.backends.metrics import MetricCase, data_of, over_tables, project_of, tables_of
from tests.backends.tables import load

_FOLDER = Path(__file__).parent / "snapshots"
_SQLGLOT = {"pyspark": "spark"}

CASE = MetricCase(
    "snapshots",
    """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id, changed_at: changed, ended_at: ended}
  tickets:
    {file: tickets.csv, key: id, account: account_id, occurred_at: at, recorded_at: loaded, known_later: [closed]}
  usage: {file: usage.csv, account: account_id, occurred_at: day}
metrics:
  open_tickets: {dataset: tickets, aggregate: count(), where: closed is null, window: 30 days}
  longest_word: {dataset: tickets, aggregate: max(word), where: "word like 'a%'", window: 30 days}
  latest_word: {dataset: tickets, aggregate: latest(word), window: 30 days}
  a_uses: {dataset: usage, aggregate: sum(uses), where: feature = 'a', window: 7 days}
  b_uses: {dataset: usage, aggregate: sum(uses), where: feature = 'b', window: 7 days}
  c_days: {dataset: usage, aggregate: days_active(), where: feature = 'c', window: 28 days}
  breadth: {dataset: usage, aggregate: count_distinct(feature), window: 28 days}
  seats: {attribute: seats}
""",
    {
        "accounts": "account_id,changed,ended,seats\nA,2024-01-01,,3\n",
        "tickets": (
            "id,account_id,at,loaded,closed,word\n"
            "1,A,2024-02-01 10:00,2024-02-02 00:00,2024-02-04,a\n"
            "2,A,2024-03-01 10:00,2024-03-02 00:00,2024-03-04,a\n"
        ),
        "usage": "account_id,day,feature,uses\nA,2024-03-01,a,2\n",
    },
    ("2024-03-05",),
    zone="Europe/Berlin",
)
_ONE = ("2024-03-05",)
_TWO = ("2024-02-05", "2024-03-05")
PLANS = {
    "single_moment": ("tickets", _ONE),
    "grid": ("tickets", _TWO),
    "pivot": ("usage", _ONE),
    "cells": ("tickets", _TWO),
    "cells_of_a_pivot": ("usage", _TWO),
    "keyed_history": ("accounts", _ONE),
    "keyed_history_in_a_grid": ("accounts", _TWO),
}


class _SparkOptions(Config):
    treat_nan_as_null: bool = False


@dataclass(frozen=True)
class Unconnected:
    """The tables of the case with nothing behind them, in the types that each dialect has them in."""

    dialect: str
    types: Mapping[str, ibis.Schema]

    def table(self, name: str) -> ir.Table:
        if self.dialect == "duckdb":  # where a dataset is one name
            return ibis.table(self.types[name], name=f"{CASE.name}.{name}")
        return ibis.table(self.types[name], name=name, database=CASE.name)


@pytest.fixture(scope="module")
def types() -> Mapping[str, ibis.Schema]:
    return {name: ibis.Schema.from_pyarrow(table.schema) for name, table in tables_of(CASE).items()}


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "pyspark"])
@pytest.mark.parametrize("plan", PLANS)
def test_the_sql_is_what_was_read(
    types: Mapping[str, ibis.Schema], plan: str, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if dialect == "pyspark":  # an option of Ibis that is there only where PySpark is
        monkeypatch.setattr(ibis.options, "pyspark", _SparkOptions())
    compiler = import_module(f"ibis.backends.sql.compilers.{dialect}").compiler
    tables = _tables(Unconnected(dialect, types), plan)
    found = _pretty(dialect, [compiler.to_sqlglot(table).sql(compiler.dialect) for table in tables])
    path = _path(plan, dialect)
    if os.environ.get("KEEPWELL_REWRITE"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), f"{path.name}: read the difference, then set KEEPWELL_REWRITE=1"


@pytest.fixture(scope="module")
def data(warehouse: Warehouse) -> ProjectData:
    load(warehouse, CASE.name, tables_of(CASE))
    return data_of(CASE, warehouse)


@pytest.mark.slow
@pytest.mark.parametrize("plan", PLANS)
def test_what_was_read_is_what_runs(data: ProjectData, plan: str) -> None:
    tables = _tables(data, plan)
    assert _pretty(data.dialect, map(data.warehouse.sql, tables)) == _path(plan, data.dialect).read_text("utf-8")
    for table in tables:
        assert data.run(table).num_rows


def _tables(source: Unconnected | ProjectData, name: str) -> list[ir.Table]:
    dataset, days = PLANS[name]
    project = over_tables(project_of(CASE), CASE.name)
    reader = FactReader(project, source.table, source.dialect)
    moments = tuple(moment(date.fromisoformat(day), CASE.zone) for day in days)
    grid = Grid(moments)
    if dataset == "accounts":
        return [population(reader, dataset, grid, attributes=frozenset({"seats"}))]
    metrics = {
        metric_name: metric
        for metric_name, metric in project.metrics.items()
        if isinstance(metric, AggregateMetric) and metric.dataset == dataset
        if not name.startswith("cells") or is_reducible(project, metric)
    }
    (plan,) = plan_metrics(metrics, "account", foldable=foldable_on(source.dialect))
    return _of_cells(reader, plan, moments) if name.startswith("cells") else Lowering(reader, grid).tables(plan)


def _of_cells(reader: FactReader, plan: DatasetPlan, moments: tuple[Moment, ...]) -> list[ir.Table]:
    stretches = stretches_of(reader.project, plan, moments)
    lists = may_list(stretches, reader.dialect)
    return [
        CellLowering(reader, replace(stretches, by_day=reduction.listed)).table(plan, reduction)
        for reduction in plan_cells(plan, reader.table(plan.dataset).schema(), lists=lists)
    ]


def _pretty(dialect: str, statements: Iterable[str]) -> str:
    name = _SQLGLOT.get(dialect, dialect)
    return "\n;\n\n".join(sqlglot.parse_one(one, read=name).sql(name, pretty=True) for one in statements) + "\n"


def _path(plan: str, dialect: str) -> Path:
    return _FOLDER / f"{plan}.{dialect}.sql"
