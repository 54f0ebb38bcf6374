"""Rows of figures: totals of dimensions, or the rows themselves."""

from __future__ import annotations

from keepwell.definitions.widgets import TableWidget
from keepwell.engine.reporting.charts.columns import columns_of, totals_of
from keepwell.engine.reporting.charts.limits import found_of
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.listing import RowsQuery
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.results import Result


def queries(widget: TableWidget, context: Context) -> list[Query]:
    return [_query(widget, context)] if widget.measures else []


def _query(widget: TableWidget, context: Context) -> Query:
    return Query(
        widget.dataset, context.span(widget), tuple(widget.columns.items()), tuple(widget.measures.items()),
        widget.where, widget.order, min(widget.limit, context.relations.asked.most),
    )  # fmt: skip


def answer(widget: TableWidget, context: Context) -> Result:
    """A row for each group, or for each row: the columns, then the measures."""
    if not widget.measures:
        return _rows(widget, context)
    query = _query(widget, context)
    whole = context.ask(query)
    found = found_of(whole, query)
    rows = whole.select([*widget.columns, *widget.measures])
    columns = columns_of(rows, query.dimensions, query.measures)
    totals = totals_of(whole, widget.measures)
    return Result(
        "table", columns, rows, context.span(widget), totals=totals, truncated=found > rows.num_rows, found=found
    )


def _rows(widget: TableWidget, context: Context) -> Result:
    most = min(widget.limit, context.relations.asked.most)
    columns = tuple(widget.columns.items())
    query = RowsQuery(widget.dataset, context.span(widget), columns, (widget.where,), widget.order, most)
    found, rows = query.counted(context.ask(query))
    return Result(
        "table", columns_of(rows, columns, ()), rows, context.span(widget), truncated=found > rows.num_rows, found=found
    )
