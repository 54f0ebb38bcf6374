"""A number for each cell: two dimensions, or one and several measures."""

from __future__ import annotations

from keepwell.definitions.widgets import HeatmapWidget
from keepwell.engine.reporting.charts.columns import columns_of
from keepwell.engine.reporting.charts.grouped import crossed, crossed_query
from keepwell.engine.reporting.charts.limits import found_of
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import GROUPS, Query
from keepwell.engine.reporting.results import Result

ROWS, COLUMNS = "rows", "columns"


def queries(widget: HeatmapWidget, context: Context) -> list[Query]:
    if widget.columns is not None:
        dimensions = ((ROWS, widget.rows), (COLUMNS, widget.columns))
        return [crossed_query(widget, context, dimensions, widget.measures, widget.order)]
    span, measures = context.span(widget), tuple(widget.measures.items())
    limit = None if widget.rows.grain else widget.limit
    return [Query(widget.dataset, span, ((ROWS, widget.rows),), measures, widget.where, widget.order, limit)]


def answer(widget: HeatmapWidget, context: Context) -> Result:
    """A row for each cell: `rows`, `columns`, the measure; or a row for each of `rows` with all measures."""
    (query,) = queries(widget, context)
    if widget.columns is not None:
        return crossed(widget, context, query, widget.limit)
    whole = context.ask(query)
    found = found_of(whole, query)
    rows = whole.select([ROWS, *widget.measures])
    columns = columns_of(rows, query.dimensions, query.measures)
    truncated = GROUPS in whole.column_names and found > rows.num_rows
    return Result("heatmap", columns, rows, context.span(widget), truncated=truncated, found=found)
