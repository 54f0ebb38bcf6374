"""Reads what learning needs beside values: decisions, who was a customer when, and when facts began.

Decisions are read by the engine's own path, as they are known at the end of the calendar; everything else is dated, so
that it can be asked what of it was known at an observation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from keepwell.definitions.datasets import Always, Dataset
from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.engine.facts import FactSource
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import AS_OF, Grid
from keepwell.engine.metrics.population import ID, population
from keepwell.engine.metrics.visible import DAY, ENTITY, RECORDED
from keepwell.engine.moments import moment
from keepwell.engine.values import Days

END_OF_CALENDAR = date(2200, 12, 31)
DATES_AT_ONCE = 32


@dataclass(frozen=True)
class Lifetimes:
    """Every account that the data knows, in order of id, with its first and last day as recorded today (NaT: none)."""

    account: pa.StringArray
    started_on: Days
    ended_on: Days


@dataclass(frozen=True)
class History:
    """From which day on anything was known of each account: the first day on which one of its facts had arrived.

    `account` in order of id, only those with facts. `datasets`: the dated datasets that metrics read.
    """

    account: pa.StringArray
    known_from: Days
    datasets: tuple[str, ...]

    @property
    def first(self) -> np.datetime64 | None:
        """The first day on which anything was known of anybody."""
        return self.known_from.min() if len(self.known_from) else None


def decision_rows(project: Project, source: FactSource, name: str) -> tuple[pa.Table, int]:
    """Rows of an outcomes dataset, and how many there are before those without account or day are left out.

    Columns: account, day (date32, null without `occurred_at`), known_at (timestamp[us], UTC), word, amount, key.
    """
    dataset = project.datasets[name]
    outcome = dataset.outcome
    wanted = [column for column in (outcome, dataset.amount) if isinstance(column, str)]
    rows = _reader(project, source).facts(name, "account", _everything(project), columns=frozenset(wanted))
    word = ibis.literal(outcome.always) if isinstance(outcome, Always) else rows[str(outcome)].cast("string")
    chosen = rows.select(
        account=rows[ENTITY].cast("string"),
        day=rows[DAY] if dataset.occurred_at else ibis.null("date"),
        known_at=rows[RECORDED].cast("timestamp(6)") if RECORDED in rows.columns else ibis.null("timestamp(6)"),
        word=word,
        amount=rows[dataset.amount].cast("float64") if dataset.amount else ibis.null("float64"),
        key=rows["kw_key"].cast("string") if dataset.key else ibis.null("string"),
    )
    total = source.run(source.table(name).aggregate(rows=ibis._.count()))["rows"][0].as_py()
    return source.run(chosen), int(total)


def populations(project: Project, source: FactSource, dates: Sequence[date]) -> Iterator[tuple[date, pa.Array]]:
    """The accounts of the population at each date as known at its end, date by date; ids in no order."""
    found = project.with_role("accounts")
    reader, zone = _reader(project, source), project.settings.time_zone
    for start in range(0, len(dates) if found else 0, DATES_AT_ONCE):
        assert found is not None
        some = dates[start : start + DATES_AT_ONCE]
        grid = Grid(tuple(moment(day, zone) for day in some))
        table = source.run(population(reader, found[0], grid, attributes=frozenset()))
        days = table[AS_OF].to_numpy().astype("datetime64[D]") if len(some) > 1 else None
        for day in some:
            here = table if days is None else table.filter(pa.array(days == np.datetime64(day, "D")))
            yield day, here[ID].combine_chunks().cast(pa.string())


def lifetimes(project: Project, source: FactSource) -> Lifetimes:
    """First and last day of every account; of several rows of one account the earliest and the latest."""
    found = project.with_role("accounts")
    if found is None:
        return Lifetimes(pa.array([], pa.string()), _no_days(), _no_days())
    name, dataset = found
    reader = _reader(project, source)
    rows, clock = reader.source(name).rows, reader.source(name).clock
    started = clock.day(rows[dataset.started_at]) if dataset.started_at else ibis.null("date")
    ended = clock.day(rows[dataset.ended_at]) if dataset.ended_at else ibis.null("date")
    keyed = rows.select(account=rows[str(dataset.key)].cast("string"), started=started, ended=ended)
    table = source.run(
        keyed.filter(keyed.account.notnull())
        .group_by("account")
        .aggregate(started=keyed.started.min(), ended=keyed.ended.max())
    ).sort_by("account")
    return Lifetimes(table["account"].combine_chunks(), _days(table["started"]), _days(table["ended"]))


def history(project: Project, source: FactSource) -> History:
    """When facts about each account began to be known, over all dated datasets that metrics read.

    A row counts from the later of the day it happened and the day it arrived, so that rows which arrive late do not
    move what could have been asked before.
    """
    names = {m.dataset for m in project.metrics.values() if isinstance(m, AggregateMetric)}
    dated = sorted(name for name in names if is_dated(project.datasets[name]))
    parts = [source.run(_first_known(project, source, name)) for name in dated]
    account, known_from = _earliest([part for part in parts if len(part)])
    return History(account, known_from, tuple(dated))


def is_dated(dataset: Dataset) -> bool:
    """Its rows have a time of their own, so that it can be told which of them count at a date."""
    return bool(dataset.occurred_at or dataset.changed_at or dataset.recorded_at)


def _first_known(project: Project, source: FactSource, name: str) -> ir.Table:
    """account, known_from: every row of a history counts by itself, whether a later one replaces it or not."""
    dataset = project.datasets[name]
    every_row = dataset.model_copy(
        update={
            "occurred_at": dataset.changed_at or dataset.occurred_at or dataset.recorded_at,
            "changed_at": None,
            "deleted": None,
        }
    )
    unfolded = replace(project, datasets={**project.datasets, name: every_row})
    reader = _reader(unfolded, source)
    rows = reader.facts(name, "account", _everything(project), columns=frozenset())
    arrived = reader.source(name).clock.of_utc().day(rows[RECORDED])
    dated = rows.select(account=rows[ENTITY].cast("string"), known_from=ibis.greatest(rows[DAY], arrived))
    return dated.group_by("account").aggregate(known_from=dated.known_from.min())


def _earliest(parts: Sequence[pa.Table]) -> tuple[pa.Array, Days]:
    if not parts:
        return pa.array([], pa.string()), _no_days()
    table = pa.concat_tables(parts).group_by("account").aggregate([("known_from", "min")]).sort_by("account")
    return table["account"].combine_chunks(), _days(table["known_from_min"])


def _reader(project: Project, source: FactSource) -> FactReader:
    return FactReader(project, source.table, source.dialect)


def _everything(project: Project) -> Grid:
    return Grid((moment(END_OF_CALENDAR, project.settings.time_zone),))


def _days(column: pa.ChunkedArray) -> Days:
    found: Days = column.cast(pa.date32()).to_numpy().astype("datetime64[D]")
    return found


def _no_days() -> Days:
    return np.array([], "datetime64[D]")
