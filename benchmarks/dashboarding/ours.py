"""The page by Keepwell: every widget by itself, warm, and all of them together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from usage.data import LAST_DAY

from dashboarding.data import Company
from keepwell.definitions import load_project
from keepwell.definitions.project import Project
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.reporter import answer_dashboard
from keepwell.engine.reporting.results import Result
from keepwell.lake.data import open_data
from keepwell.lake.place import Lake
from keepwell.lake.reporting import ReportTables
from keepwell.lake.warehouse import DuckDBWarehouse

THREADS = 2
HERE = Path(__file__).parent
Times = dict[str, list[float]]


@contextmanager
def opened(company: Company) -> Iterator[tuple[Project, ReportTables]]:
    project = load_project(HERE)
    with open_data(project, company.folder, warehouse=DuckDBWarehouse(threads=THREADS)) as data:

        def population(_as_of: date, names: frozenset[str]) -> pa.Table:
            wanted = [name for name in company.scored.column_names if name in names or name == "account_id"]
            return company.scored.select(wanted)

        yield project, ReportTables(project, data, population, lake=Lake(company.lake))


def each(company: Company, runs: int) -> tuple[dict[str, list[tuple[Any, ...]]], Times]:
    """The rows of every widget, and what each run of it took after a first one that is not counted."""
    with opened(company) as (project, tables):
        page = project.dashboards["monday"]
        everything = answer_dashboard(project, tables, page, Asked(LAST_DAY))  # accounts with all that the page names
        rows, times = {}, {}
        for name in page.widgets:
            times[name] = [_timed(project, tables, name)[1] for _ in range(runs + 1)][1:]
            rows[name] = _rows(everything[name])
        return rows, times


def whole(company: Company, runs: int) -> list[float]:
    """What the whole page took, widgets that share rows together."""
    with opened(company) as (project, tables):
        page = project.dashboards["monday"]
        return [_whole(project, tables, page) for _ in range(runs + 1)][1:]


def _whole(project: Project, tables: ReportTables, page: Any) -> float:
    started = time.perf_counter()
    answer_dashboard(project, tables, page, Asked(LAST_DAY))
    return time.perf_counter() - started


def _timed(project: Project, tables: ReportTables, name: str) -> tuple[Result, float]:
    started = time.perf_counter()
    result = answer_dashboard(project, tables, project.dashboards["monday"], Asked(LAST_DAY), only=name)[name]
    took = time.perf_counter() - started
    if result.problem is not None:
        raise SystemExit(f"{name}: {result.problem}")
    return result, took


def _rows(result: Result) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in result.rows.to_pylist()]
