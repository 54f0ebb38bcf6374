"""Charts of two dimensions, or of one and several measures: what they have in common."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from keepwell.definitions.widget_parts import Dimension, Order, ReportMeasure
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.reporting.charts.columns import columns_of, dimension_title, shown_measures
from keepwell.engine.reporting.charts.limits import found_of, is_number, largest
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.results import Result

MOST_SPLITS = 50
"""So many columns, or parts of a bar, at most."""


def crossed_query(
    widget: WidgetBase,
    context: Context,
    dimensions: tuple[tuple[str, Dimension], ...],
    measures: Mapping[str, ReportMeasure],
    order: Order | None,
) -> Query:
    """All groups of two dimensions."""
    return Query(widget.dataset, context.span(widget), dimensions, tuple(measures.items()), widget.where, order)


def crossed(widget: WidgetBase, context: Context, query: Query, limit: int) -> Result:
    """A row for each cell of two dimensions: those of the `limit` first values with the largest sums, unless they are
    times, of which all are there; and of the `MOST_SPLITS` second values with the largest."""
    (first, dimension), (second, split) = query.dimensions
    whole = context.ask(query)
    found_of(whole, query)
    drawn = shown_measures(dict(query.measures))
    measure = next(iter(drawn))
    kept, values = largest(whole, None if dimension.grain else first, measure, limit)
    kept, splits = largest(kept, second, measure, MOST_SPLITS)
    rows = _by_size(kept.select([first, second, *drawn]), dimension, query, measure)
    columns = columns_of(rows, query.dimensions, drawn.items())
    left_out = (not dimension.grain and values > limit) or splits > MOST_SPLITS
    return Result(
        widget.chart, columns, rows, context.span(widget), truncated=left_out,
        found=None if dimension.grain else values, shown=None if dimension.grain else min(values, limit),
        notes=_cut(split, splits),
    )  # fmt: skip


def _cut(split: Dimension, splits: int) -> tuple[str, ...]:
    title = dimension_title(split)
    return (f"the {MOST_SPLITS} largest of {splits:,} of '{title}' are shown",) if splits > MOST_SPLITS else ()


def _by_size(rows: pa.Table, dimension: Dimension, query: Query, measure: str) -> pa.Table:
    """Times by themselves, and others with the largest sum first, unless an order was asked for; null last."""
    (first, _), (second, _) = query.dimensions
    if query.order is not None or dimension.grain or not is_number(rows[measure]):
        return rows
    sums = by_first(rows, first, measure)
    ranks = pa.array([-sums[value] for value in rows[first].to_pylist()], pa.float64())
    ranked = rows.append_column("kw_rank", ranks)
    order = [("kw_rank", "ascending"), (first, "ascending"), (second, "ascending")]
    return ranked.sort_by(order).drop_columns(["kw_rank"])


def by_first(rows: pa.Table, key: str, measure: str) -> dict[object, float]:
    """The sum of a measure by the values of a dimension; null counts as 0."""
    found: dict[object, float] = {}
    for value, number in zip(rows[key].to_pylist(), rows[measure].to_pylist(), strict=True):
        found[value] = found.get(value, 0.0) + (number or 0.0)
    return found
