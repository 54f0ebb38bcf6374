"""The rows behind a value of a chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from keepwell.definitions.catalogue import holds_accounts, time_of
from keepwell.definitions.expressions import Binary, Expression, IsNull, Literal, Name, names_in
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.definitions.widget_parts import Dimension
from keepwell.definitions.widget_reading import ACCOUNT, dimensions, measures, readings
from keepwell.definitions.widgets import CohortWidget, DistributionWidget, FunnelWidget, SankeyWidget, WidgetBase
from keepwell.engine.reporting.charts.columns import columns_of
from keepwell.engine.reporting.charts.scatter import ACCOUNT_POINT
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.followed import accounts_behind
from keepwell.engine.reporting.listing import RowsQuery
from keepwell.engine.reporting.naming import refuse_unknown
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.spans import Span, following
from keepwell.engine.reporting.tables import ACCOUNT_ID
from keepwell.errors import RequestRefused

_DAY = timedelta(days=1)
Point = Mapping[str, Any]


def rows_behind(
    widget: WidgetBase, context: Context, point: Point, *, measure: str | None = None, most: int = 200
) -> Result:
    """Rows of the widget's dataset behind a value: those for which the dimensions have the values of `point`.

    `point`: keys and values of a row of the widget's result, its dimensions or some of them; empty: all rows.
    `measure`: the key of a measure, whose own `where` counts as well. Columns: what the widget says under `drill`, else
    account, time and all that it reads. Behind moves, cohorts and steps are the accounts that are counted
    (`followed`). Raises RequestRefused for keys that the widget does not have.
    """
    refuse_unknown(widget, context.relations)
    if isinstance(widget, SankeyWidget | CohortWidget):
        return accounts_behind(widget, context, point, most=most)
    if isinstance(widget, FunnelWidget) and point:
        return accounts_behind(widget, context, point, most=most)
    span = context.span(widget)
    conditions: list[Expression | None] = [widget.where, _own_condition(widget, measure)]
    for key, value in point.items():
        condition, span = _at(widget, key, value, span)
        conditions.append(condition)
    if span.first is not None and span.first > span.last:
        raise RequestRefused("the value lies outside the time that is shown; leave the period, or take another value")
    columns = tuple(_columns(context.relations.project, widget))
    query = RowsQuery(widget.dataset, span, columns, tuple(conditions), None, most)
    found, rows = query.counted(context.ask(query))
    shown = columns_of(rows, columns, ())
    return Result("table", shown, rows, span, truncated=found > rows.num_rows, found=found)


def _own_condition(widget: WidgetBase, measure: str | None) -> Expression | None:
    known = {str(path[-1]): one for path, one in measures(widget).items()}
    if measure is None or measure == "value":
        return known["measure"].where if "measure" in known else None
    if measure not in known:
        raise RequestRefused(unknown("measure", measure, known))
    return known[measure].where


def _at(widget: WidgetBase, key: str, value: Any, span: Span) -> tuple[Expression | None, Span]:
    """The condition that a dimension has a value, and the days of the span for which it can."""
    if isinstance(widget, DistributionWidget) and key in ("from", "to"):
        if not isinstance(value, int | float):
            raise RequestRefused(f"'{value}' is no edge of a bin; give a number")
        return Binary(">=" if key == "from" else "<", widget.of, Literal(float(value))), span
    dimension = _dimension(widget, key)
    if dimension.grain is None or value is None:
        return _equals(dimension, value), span
    if not isinstance(value, date):
        raise RequestRefused(f"'{value}' is no day; give the first of a {dimension.grain}, as the widget shows it")
    ends = following(value, dimension.grain) - _DAY
    if dimension.of is not None:
        after = Binary(">=", dimension.of, Literal(value))
        return Binary("and", after, Binary("<", dimension.of, Literal(ends + _DAY))), span
    return None, Span(max(value, span.first or value), min(ends, span.last))


def _equals(dimension: Dimension, value: Any) -> Expression:
    assert dimension.of is not None
    if value is None:
        return IsNull(dimension.of)
    constant = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(constant, bool | float | str | date) or isinstance(constant, datetime):
        raise RequestRefused(f"'{value}' is no value of this widget; give one of those that it shows")
    return Binary("=", dimension.of, Literal(constant))


def _dimension(widget: WidgetBase, key: str) -> Dimension:
    known = {str(path[-1]): one for path, one in dimensions(widget).items()}
    if widget.chart == "scatter":
        known["point"] = known.pop("by", ACCOUNT_POINT)
    if key not in known:
        raise RequestRefused(unknown("dimension", key, known))
    return known[key]


def _columns(project: Project, widget: WidgetBase) -> Iterator[tuple[str, Dimension]]:
    """What is shown of a row, each once."""
    expressions = list(widget.drill) or list(_read(project, widget))
    for at, one in enumerate(dict.fromkeys([Name((ACCOUNT_ID,)), *expressions])):
        yield f"c{at}", Dimension(of=one)


def _read(project: Project, widget: WidgetBase) -> Iterator[Expression]:
    of_accounts = holds_accounts(project, widget.dataset)
    found = project.with_role("accounts")
    if found is not None and found[1].name:
        yield Name((found[1].name,)) if of_accounts else Name((ACCOUNT, found[1].name))
    if (time := time_of(project, widget.dataset)) is not None:
        yield Name((time,))
    for reading in readings(widget):
        if reading.over == "rows":
            yield from (replace(name, offset=None) for one in reading.expressions for name in names_in(one))
