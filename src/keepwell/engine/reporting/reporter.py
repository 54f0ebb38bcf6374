"""Answers widgets: what they ask of the tables, and what is told where they cannot be answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from keepwell.definitions.dashboards import DEFAULT_PERIOD, Dashboard
from keepwell.definitions.periods import Period
from keepwell.definitions.project import Project
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.reporting.asking import Asked
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
    conditions = (*((dashboard.where,) if dashboard.where is not None else ()), *asked.conditions)
    narrowed = Asked(asked.as_of, asked.known_at, asked.period, conditions, asked.sight, asked.most)
    widgets = {name: one for name, one in dashboard.widgets.items() if only in (None, name)}
    return answer_widgets(project, tables, widgets, narrowed, period=dashboard.period)


def answer_widgets(
    project: Project,
    tables: Tables,
    widgets: Mapping[str, WidgetBase],
    asked: Asked,
    *,
    period: Period = DEFAULT_PERIOD,
) -> dict[str, Result]:
    """The same for widgets on no dashboard; `period` is that of those without one."""
    names = account_names(project, widgets.values(), asked.conditions)
    relations = Relations(project, tables, asked, names)
    context = Context(relations, period)
    _ask_together(widgets.values(), context)
    return {name: _answered(widget, context) for name, widget in widgets.items()}


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


def _answered(widget: WidgetBase, context: Context) -> Result:
    try:
        refuse_unknown(widget, context.relations)
        return CHARTS[widget.chart].answer(widget, context)
    except InputError as error:
        return Result(widget.chart, problem="; ".join(str(one) for one in error.problems))
