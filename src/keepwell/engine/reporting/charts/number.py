"""One number, and the same before."""

from __future__ import annotations

import pyarrow as pa

from keepwell.definitions.widgets import NumberWidget
from keepwell.engine.reporting.charts.columns import BEFORE, columns_of
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.spans import Span
from keepwell.errors import InputError

VALUE = "value"


def queries(widget: NumberWidget, context: Context) -> list[Query]:
    before = context.before(widget) if widget.compare else None
    return [_query(widget, span) for span in (context.span(widget), before) if span is not None]


def _query(widget: NumberWidget, span: Span) -> Query:
    return Query(widget.dataset, span, (), ((VALUE, widget.measure), *widget.measures.items()), widget.where)


def answer(widget: NumberWidget, context: Context) -> Result:
    """One row: `value`, and `value_before` where it is compared."""
    rows = context.ask(_query(widget, context.span(widget))).select([VALUE])
    span = context.before(widget) if widget.compare else None
    notes: tuple[str, ...] = ()
    if span is not None:
        try:
            rows = rows.append_column(VALUE + BEFORE, context.ask(_query(widget, span))[VALUE])
        except InputError as error:  # nothing was kept of the time before: the number itself still stands
            notes, span = (str(error),), None
    columns = columns_of(rows, (), ((VALUE, widget.measure),), compared=span is not None)
    return Result("number", columns, pa.table(rows), context.span(widget), span, notes=notes, found=1)
