"""Rows added up by day before they are by week, month or quarter: a day is a column, and grouping by it is quick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import ibis.expr.types as ir

from keepwell.definitions.expressions import Aggregate
from keepwell.definitions.widget_parts import Dimension, ReportMeasure
from keepwell.engine.metrics.visible import DAY
from keepwell.engine.reporting.grains import truncated

SUM, COUNT = "kw_sum:", "kw_count:"
"""Before the key of a mean: its parts."""

_ADDED = {"count": "sum", "sum": "sum", "min": "min", "max": "max"}
"""How results of days become those of more days."""


def is_by_day(rows: ir.Table, dimensions: Mapping[str, Dimension], measures: Mapping[str, ReportMeasure]) -> bool:
    """Whether a query may be added up by day first: over the time of its rows, of measures that parts make up."""
    aggregates = [one.aggregate.function for one in measures.values() if one.aggregate is not None]
    over_time = any(one.of is None and one.grain != "day" for one in dimensions.values())
    return over_time and DAY in rows.columns and all(one in (*_ADDED, "avg") for one in aggregates)


def by_day(keys: Mapping[str, ir.Value], dimensions: Mapping[str, Dimension], rows: ir.Table) -> dict[str, ir.Value]:
    """The same keys with the day in the place of the time it lies in."""
    return {key: rows[DAY] if dimensions[key].of is None else value for key, value in keys.items()}


def folded(
    days: ir.Table, dimensions: Mapping[str, Dimension], measures: Mapping[str, ReportMeasure], *, with_parts: bool
) -> ir.Table:
    """Groups of days as groups of the times they lie in; `with_parts` keeps those of means."""
    keys = {key: _time(days[key], one) for key, one in dimensions.items()}
    values: dict[str, ir.Value] = {}
    for key, measure in measures.items():
        if measure.aggregate is not None:
            values |= dict(_values(days, key, measure.aggregate, with_parts))
    return days.group_by(**keys).aggregate(**values)


def _time(day: ir.Value, dimension: Dimension) -> ir.Value:
    return truncated(day, dimension.grain) if dimension.of is None and dimension.grain else day


def _values(days: ir.Table, key: str, aggregate: Aggregate, with_parts: bool) -> Iterator[tuple[str, ir.Value]]:
    if aggregate.function != "avg":
        yield key, getattr(days[key], _ADDED[aggregate.function])()
        return
    total, count = days[SUM + key].sum(), days[COUNT + key].sum()
    yield key, total / count.nullif(0)
    if with_parts:
        yield from ((SUM + key, total), (COUNT + key, count))
