"""Answers widgets: what they ask of the tables, and what is told where they cannot be answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from keepwell.definitions.dashboards import DEFAULT_PERIOD, Dashboard
from keepwell.definitions.periods import Period
from keepwell.definitions.project import Project
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.behind import rows_behind
from keepwell.engine.reporting.charts.registry import CHARTS
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.naming import account_names, refuse_unknown
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.relations import Relations
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.sharing import together
from keepwell.engine.reporting.tables import Tables
from keepwell.errors import InputError


def answer_dashboard(
    project: Project, tables: Tables, dashboard: Dashboard, asked: Asked, *, only: str | None = None
) -> dict[str, Result]:
    """A result for each widget (or `only` one) by name. A widget that fails says why and leaves the others standing."""
    widgets = {name: one for name, one in dashboard.widgets.items() if only in (None, name)}
    return answer_widgets(project, tables, widgets, narrowed(dashboard, asked), period=dashboard.period)


def answer_rows(
    project: Project,
    tables: Tables,
    dashboard: Dashboard,
    widget: str,
    asked: Asked,
    point: Mapping[str, Any],
    *,
    measure: str | None = None,
    most: int = 200,
) -> Result:
    """The rows behind a value of a widget of a dashboard (see `behind.rows_behind`), or why there are none."""
    chosen = dashboard.widgets[widget]
    context = context_of(project, tables, [chosen], narrowed(dashboard, asked), dashboard.period)
    try:
        return rows_behind(chosen, context, point, measure=measure, most=most)
    except InputError as error:
        return Result("table", problem="; ".join(str(one) for one in error.problems))


def narrowed(dashboard: Dashboard, asked: Asked) -> Asked:
    """What is asked, within what the dashboard shows."""
    own = (dashboard.where,) if dashboard.where is not None else ()
    return replace(asked, conditions=(*own, *asked.conditions))


def answer_widgets(
    project: Project,
    tables: Tables,
    widgets: Mapping[str, WidgetBase],
    asked: Asked,
    *,
    period: Period = DEFAULT_PERIOD,
) -> dict[str, Result]:
    """The same for widgets on no dashboard; `period` is that of those without one."""
    context = context_of(project, tables, widgets.values(), asked, period)
    _ask_together(widgets.values(), context)
    return {name: answered(widget, context) for name, widget in widgets.items()}


def context_of(
    project: Project, tables: Tables, widgets: Collection[WidgetBase], asked: Asked, period: Period
) -> Context:
    """What widgets that are asked together work with."""
    names = account_names(project, widgets, asked.conditions)
    return Context(Relations(project, tables, asked, names), period)


def _ask_together(widgets: Iterable[WidgetBase], context: Context) -> None:
    """Asks first what several widgets ask of the same rows, in one query each. What fails is asked again by itself."""
    for one in together(query for widget in widgets for query in _queries(widget, context)):
        with suppress(InputError):
            context.answers.update(one.answers(context.relations.tables.run(one.query.lowered(context.relations))))


def _queries(widget: WidgetBase, context: Context) -> Sequence[Query]:
    try:
        refuse_unknown(widget, context.relations)
        found: Sequence[Query] = CHARTS[widget.chart].queries(widget, context)
    except InputError:  # it says so when it is answered
        return ()
    return found


def answered(widget: WidgetBase, context: Context) -> Result:
    """The result of one widget, or why there is none."""
    try:
        refuse_unknown(widget, context.relations)
        return CHARTS[widget.chart].answer(widget, context)
    except InputError as error:
        return Result(widget.chart, problem="; ".join(str(one) for one in error.problems))
