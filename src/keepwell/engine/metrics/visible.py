"""The rows that count at each moment: they had happened, were known, and are the latest of their key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from keepwell.definitions.datasets import Dataset
from keepwell.engine.metrics.compiling.dialects import to_code_points
from keepwell.engine.metrics.grid import AS_OF, KNOWN_AT, Grid
from keepwell.engine.metrics.times import Clock, days_before
from keepwell.engine.moments import end_of_day

ENTITY = "kw_entity"
DAY = "kw_day"
TIME = "kw_time"
RECORDED = "kw_recorded"
CHANGED = "kw_changed"
_RANK = "kw_rank"

TableOf = Callable[[str], ir.Table]
"""The raw rows of a dataset by its name."""


@dataclass(frozen=True)
class Source:
    """One dataset, ready to be read: its definition, its raw rows and its clock."""

    dataset: Dataset
    rows: ir.Table
    clock: Clock

    def column(self, name: str | None) -> ir.Value | None:
        return None if name is None else self.rows[name]

    @property
    def time_column(self) -> str | None:
        return self.dataset.occurred_at or self.dataset.changed_at


def visible_rows(source: Source, grid: Grid, *, columns: Iterable[str], horizon: int | None = None) -> ir.Table:
    """Rows that count, once for each moment, with `columns` as they stand in the source.

    Beside them: `kw_day` (date, null where the dataset has no time), `kw_time`, `kw_recorded`, `kw_changed` (UTC).
    `horizon` keeps only rows of the last so many days. A dataset without a time of its own has no history: its rows
    count at every moment.
    """
    rows = _with_times(source, _pruned(source, grid, horizon), frozenset(columns))
    rows = grid.attach(rows, source.clock.dialect)
    rows = _kept(rows, _known(source, rows, grid))
    if source.dataset.changed_at:  # a later change may move when it happened, so that is asked of the latest alone
        rows = _kept(rows, [source.clock.of_utc().day(rows[CHANGED]) <= grid.as_of(rows)])
        rows = _latest_of_key(source, rows, grid)
    rows = _kept(rows, _happened(source, rows, grid, horizon))
    if source.dataset.deleted:
        rows = rows.filter(_not_deleted(source, rows, grid))
    return rows


def _kept(rows: ir.Table, tests: list[ir.BooleanValue]) -> ir.Table:
    return rows.filter(*tests) if tests else rows


def _pruned(source: Source, grid: Grid, horizon: int | None) -> ir.Table:
    """Bare comparisons of the time column (of the change, in a history) with literals: what a scan can skip."""
    rows = source.rows
    if source.time_column is None:
        return rows
    column = rows[source.dataset.changed_at or source.time_column]
    bounds = [column < source.clock.first_instant(column, grid.last.as_of + timedelta(days=1))]
    if horizon is not None and not source.dataset.changed_at:
        first = grid.first.as_of - timedelta(days=horizon - 1)
        bounds.append(column >= source.clock.first_instant(column, first))
    return rows.filter(*bounds)


def _with_times(source: Source, rows: ir.Table, columns: frozenset[str]) -> ir.Table:
    dataset, clock = source.dataset, source.clock
    kept = columns | {name for name in (dataset.key, dataset.deleted) if name}
    times = {}
    if source.time_column:
        times[DAY] = clock.day(rows[source.time_column])
        times[TIME] = clock.instant(rows[source.time_column])
    if source.time_column or dataset.recorded_at:
        times[RECORDED] = _recorded(source, rows)
    if dataset.changed_at:
        times[CHANGED] = clock.instant(rows[dataset.changed_at])
    return rows.select(*sorted(kept), **times)


def _recorded(source: Source, rows: ir.Table) -> ir.TimestampValue:
    """When a row became known: its own arrival, else its time plus what the dataset says arrival takes."""
    dataset, clock = source.dataset, source.clock
    time = dataset.changed_at or source.time_column
    if time is None:
        return clock.instant(rows[dataset.recorded_at])
    happened = clock.instant(rows[time])
    if dataset.recorded_at:
        return ibis.coalesce(clock.instant(rows[dataset.recorded_at]), happened)
    return clock.days_later(happened, dataset.arrives_after)


def _happened(source: Source, rows: ir.Table, grid: Grid, horizon: int | None) -> list[ir.BooleanValue]:
    if source.time_column is None or (grid.is_single and not source.dataset.changed_at):
        return []  # the pruned scan has done it
    as_of = grid.as_of(rows)
    tests = [rows[DAY] <= as_of]
    if horizon is not None:
        tests.append(rows[DAY] > days_before(as_of, horizon))
    return tests


def _known(source: Source, rows: ir.Table, grid: Grid) -> list[ir.BooleanValue]:
    dataset = source.dataset
    if source.time_column is None:  # what has no arrival was always known
        return [rows[RECORDED].isnull() | (rows[RECORDED] <= grid.known_at(rows))] if dataset.recorded_at else []
    on_time = not dataset.recorded_at and not dataset.arrives_after
    zone = source.clock.project_zone
    if on_time and all(moment.known_at >= end_of_day(moment.as_of, zone) for moment in grid.moments):
        return []  # known when it happened, and it happened by then
    return [rows[RECORDED] <= grid.known_at(rows)]


def _latest_of_key(source: Source, rows: ir.Table, grid: Grid) -> ir.Table:
    """The latest change of each key. Ties break by recorded_at, then by the larger values of the other columns."""
    key = source.dataset.key
    dialect = source.clock.dialect
    others = [
        to_code_points(rows[name], dialect).desc()
        for name in rows.columns
        if name not in (key, AS_OF, KNOWN_AT) and _is_ordered(rows[name])
    ]
    order = [rows[CHANGED].desc(), rows[RECORDED].desc(), *others]
    window = ibis.window(group_by=[key, *grid.keys], order_by=order)
    ranked = rows.mutate(**{_RANK: ibis.row_number().over(window)})
    return ranked.filter(ranked[_RANK] == 0).drop(_RANK)


def _is_ordered(column: ir.Value) -> bool:
    return not isinstance(column.type(), dt.Struct | dt.Array | dt.Map | dt.JSON | dt.Binary)


def _not_deleted(source: Source, rows: ir.Table, grid: Grid) -> ir.BooleanValue:
    """A true value ends a key; a date ends it from that day on; null or false leaves it."""
    column = rows[source.dataset.deleted]
    if isinstance(column.type(), dt.Boolean):
        return ~column.fill_null(False)
    if isinstance(column.type(), dt.Date | dt.Timestamp):
        return column.isnull() | (source.clock.day(column) > grid.as_of(rows))
    if isinstance(column.type(), dt.Numeric):
        return column.isnull() | (column == 0)
    return column.isnull() | column.cast("string").lower().isin(["", "0", "false", "f", "no", "n"])
