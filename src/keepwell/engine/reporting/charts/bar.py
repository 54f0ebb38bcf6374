"""Numbers beside each other."""

from __future__ import annotations

from keepwell.definitions.widgets import BarWidget
from keepwell.engine.reporting.charts.columns import columns_of, totals_of
from keepwell.engine.reporting.charts.comparing import places_before, with_before
from keepwell.engine.reporting.charts.limits import found_of
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.spans import Span
from keepwell.errors import InputError

BY = "by"


def queries(widget: BarWidget, context: Context) -> list[Query]:
    before = context.before(widget) if widget.compare else None
    return [_query(widget, context.span(widget)), *([_before(widget, before)] if before is not None else [])]


def _query(widget: BarWidget, span: Span) -> Query:
    limit = None if widget.by.grain else widget.limit
    return Query(
        widget.dataset, span, ((BY, widget.by),), tuple(widget.measures.items()), widget.where, widget.order, limit
    )


def _before(widget: BarWidget, span: Span) -> Query:
    return Query(widget.dataset, span, ((BY, widget.by),), tuple(widget.measures.items()), widget.where)


def answer(widget: BarWidget, context: Context) -> Result:
    """A row for each bar: `by`, the measures, and each before where it is compared. Times are all there are."""
    query = _query(widget, context.span(widget))
    whole = context.ask(query)
    found = found_of(whole, query)
    rows = whole.select([BY, *widget.measures])
    span = context.before(widget) if widget.compare else None
    notes: tuple[str, ...] = ()
    if span is not None:
        try:
            rolling = context.period_of(widget).place == "rolling"
            places = places_before(widget.by, context.span(widget), span, rolling=rolling)
            rows = with_before(rows, [BY], widget.measures, context.ask(_before(widget, span)), places)
        except InputError as error:
            notes, span = (str(error),), None
    columns = columns_of(rows, query.dimensions, query.measures, compared=span is not None)
    rows = rows.select([one.name for one in columns])
    totals = totals_of(whole, widget.measures)
    return Result("bar", columns, rows, context.span(widget), span, totals, found > rows.num_rows, found, notes)
