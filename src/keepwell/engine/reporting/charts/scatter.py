"""Points: where two numbers of an account, or of another dimension, lie."""

from __future__ import annotations

from keepwell.definitions.expressions import Name
from keepwell.definitions.widget_parts import Dimension, ReportMeasure
from keepwell.definitions.widgets import ScatterWidget
from keepwell.engine.reporting.charts.columns import columns_of
from keepwell.engine.reporting.charts.limits import found_of
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.tables import ACCOUNT_ID

POINT, COLOR = "point", "color"
ACCOUNT_POINT = Dimension(of=Name((ACCOUNT_ID,)), title="Account")
"""What there is a point for, unless a widget says so."""


def queries(widget: ScatterWidget, context: Context) -> list[Query]:
    dimensions = [(POINT, widget.by or ACCOUNT_POINT)]
    dimensions += [(COLOR, widget.color)] if widget.color is not None else []
    measures = tuple(_measures(widget).items())
    return [
        Query(
            widget.dataset, context.span(widget), tuple(dimensions), measures, widget.where,
            limit=min(widget.limit, context.relations.asked.most),
        )
    ]  # fmt: skip


def _measures(widget: ScatterWidget) -> dict[str, ReportMeasure]:
    found = {"x": widget.x, "y": widget.y, "size": widget.size}
    return {key: one for key, one in found.items() if one is not None}


def answer(widget: ScatterWidget, context: Context) -> Result:
    """A row for each point: `point`, `color`, `x`, `y`, `size`; of more than are shown those with the largest `x`."""
    (query,) = queries(widget, context)
    whole = context.ask(query)
    found = found_of(whole, query)
    rows = whole.select([*(key for key, _ in query.dimensions), *(key for key, _ in query.measures)])
    columns = columns_of(rows, query.dimensions, query.measures)
    return Result("scatter", columns, rows, context.span(widget), truncated=found > rows.num_rows, found=found)
