"""Keepwell as its pages ask: the dataset of a project, opened through the lake's door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from measuring.contender import Measured, timed

from adopting.by_hand import Found
from keepwell.definitions import parse_project
from keepwell.definitions.project import Project
from keepwell.engine.adoption.active import Active, active
from keepwell.engine.adoption.days import number, read_days
from keepwell.engine.adoption.funnels import Step, funnel
from keepwell.engine.adoption.lifecycle import lifecycle
from keepwell.engine.adoption.paths import paths
from keepwell.engine.adoption.periods import period_number
from keepwell.engine.adoption.relation import USAGE, usage
from keepwell.engine.adoption.retention import Retention, retention
from keepwell.lake.data import open_data
from keepwell.lake.warehouse import DuckDBWarehouse
from keepwell.lake.warehouse.statements import Statements

LAST = date(2026, 10, 29)
_STEPS = [Step("event_01"), Step("event_03"), Step("event_06"), Step("event_10")]


def project(file: Path) -> Project:
    return parse_project(
        {
            "datasets": {
                "events": {
                    "file": file.name, "account": "account_id", "occurred_at": "occurred_at", "person": "person",
                    "event": "event",
                }
            }
        }
    )  # fmt: skip


@contextmanager
def door(file: Path) -> Iterator[Statements]:
    found = project(file)
    with open_data(found, file.parent) as data:
        assert isinstance(data.warehouse, DuckDBWarehouse)
        statements = Statements(data.warehouse)
        statements.see(USAGE, usage(found, "events", data.table("events"), as_of=LAST))
        yield statements


def over_time(file: Path, runs: int) -> tuple[Found, Measured]:
    """The retention matrix, and daily, weekly and monthly active users of every day."""

    def run() -> tuple[Active, Retention]:
        with door(file) as statements:
            days = read_days(statements, as_of=LAST)
            return active(days), retention(days, "week")

    (counts, matrix), measured = timed(run, runs)
    return _plain(counts, matrix), measured


def others(file: Path, runs: int) -> dict[str, Measured]:
    """What else the pages show, each with its own opening of the data."""
    first = LAST - timedelta(days=89)

    def ask(work: Callable[[Statements], object]) -> Measured:
        def run() -> object:
            with door(file) as statements:
                return work(statements)

        return timed(run, runs)[1]

    return {
        "lifecycle by week": ask(lambda one: lifecycle(read_days(one, as_of=LAST))),
        "funnel of 4 steps, 90 days, within 7": ask(
            lambda one: funnel(one, _STEPS, first=first, last=LAST, within=timedelta(days=7))
        ),
        "funnel of 4 steps, all time, within 7": ask(
            lambda one: funnel(one, _STEPS, first=date(2025, 1, 1), last=LAST, within=timedelta(days=7))
        ),
        "paths of 3 steps, 90 days": ask(lambda one: paths(one, "event_04", first=first, last=LAST)),
        "paths of 3 steps, all time": ask(lambda one: paths(one, "event_04", first=date(2025, 1, 1), last=LAST)),
    }


def _plain(counts: Active, matrix: Retention) -> Found:
    columns = [counts.counts[window].tolist() for window in (1, 7, 28)]
    rows = [(number(day), *cells) for day, *cells in zip(counts.dates, *columns, strict=True)]
    cells = np.argwhere(matrix.recurring > 0)
    weeks = [period_number(day, "week") for day in matrix.cohorts]
    return rows, [(weeks[at], int(k), int(matrix.recurring[at, k])) for at, k in cells]
