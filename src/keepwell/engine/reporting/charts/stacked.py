"""Parts of a whole: bars of several parts, or of shares."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from keepwell.definitions.widgets import StackedWidget
from keepwell.engine.reporting.charts.columns import shown_measures
from keepwell.engine.reporting.charts.grouped import by_first, crossed, crossed_query
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.results import Result, ResultColumn

BY, SPLIT, SHARE = "by", "split", "share"


def queries(widget: StackedWidget, context: Context) -> list[Query]:
    dimensions = ((BY, widget.by), (SPLIT, widget.split))
    return [crossed_query(widget, context, dimensions, widget.measures, widget.order)]


def answer(widget: StackedWidget, context: Context) -> Result:
    """A row for each part of each bar: `by`, `split`, the measure, and with `share` its share of the bar, 0..1."""
    (query,) = queries(widget, context)
    result = crossed(widget, context, query, widget.limit)
    if not widget.share:
        return result
    measure = next(iter(shown_measures(widget.measures)))
    wholes = by_first(result.rows, BY, measure)
    shares = [
        (number or 0.0) / wholes[value] if wholes[value] else None
        for value, number in zip(result.column(BY), result.column(measure), strict=True)
    ]
    rows = result.rows.append_column(SHARE, pa.array(shares, pa.float64()))
    return replace(result, rows=rows, columns=(*result.columns, ResultColumn(SHARE, "Share", "measure", unit="%")))
