"""Checks of dashboards: datasets and segments are there, formulas name measures, and charts have what they need."""

from __future__ import annotations

from keepwell.definitions.catalogue import ACCOUNTS, KNOWN_TABLES, holds_accounts, time_of
from keepwell.definitions.conditions import Names
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.expressions import Expression, names_in, segments_in
from keepwell.definitions.issues import Issues, Path
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.definitions.widget_parts import Order
from keepwell.definitions.widget_reading import account_expressions, dimensions, measures, readings
from keepwell.definitions.widgets import FunnelWidget, LineWidget, SankeyWidget, WidgetBase

_NEED_TIME = frozenset({"latest", "earliest", "days_active", "distinct_days", "days_since_latest"})


def check_dashboards(project: Project, names: Names, issues: Issues) -> None:
    """Adds an issue for each thing that leads nowhere, names and types of columns apart."""
    for name, dashboard in project.dashboards.items():
        _check_filters(("dashboards", name), dashboard, names, issues)
        for widget_name, widget in dashboard.widgets.items():
            check_widget(("dashboards", name, "widgets", widget_name), project, widget, names, issues)


def check_widget(path: Path, project: Project, widget: WidgetBase, names: Names, issues: Issues) -> None:
    """The same for one widget."""
    datasets = names["datasets"] | {ACCOUNTS, *KNOWN_TABLES}
    if widget.dataset not in datasets:
        issues.add((*path, "dataset"), unknown("dataset", widget.dataset, datasets))
        return
    for reading in readings(widget):
        for expression in reading.expressions:
            _check_segments((*path, *reading.path), expression, names, issues)
    _check_formulas(path, widget, issues)
    _check_order(path, widget, issues)
    if widget.dataset not in names["datasets"] or widget.dataset in project.datasets:
        _check_times(path, project, widget, issues)


def _check_filters(path: Path, dashboard: Dashboard, names: Names, issues: Issues) -> None:
    for below, expression, _ in account_expressions(dashboard):
        _check_segments((*path, *below), expression, names, issues)


def _check_segments(path: Path, expression: Expression, names: Names, issues: Issues) -> None:
    for segment in segments_in(expression):
        if segment not in names["segments"]:
            issues.add(path, unknown("segment", segment, names["segments"]))


def _check_formulas(path: Path, widget: WidgetBase, issues: Issues) -> None:
    """Formulas name aggregates beside them, and no other formulas: then nothing goes in a circle."""
    named = {str(below[-1]): one for below, one in measures(widget).items()}
    aggregates = {name for name, one in named.items() if one.aggregate is not None}
    for below, one in measures(widget).items():
        for found in names_in(one.formula) if one.formula is not None else ():
            place = (*path, *below, "formula")
            if found.dotted in named and found.dotted not in aggregates:
                issues.add(place, f"'{found}' is a formula itself; write its aggregates here")
            elif found.dotted not in aggregates:
                issues.add(place, unknown("measure", found.dotted, aggregates))


def _check_order(path: Path, widget: WidgetBase, issues: Issues) -> None:
    order = getattr(widget, "order", None)
    if not isinstance(order, Order):
        return
    known = {str(below[-1]) for below in (*measures(widget), *dimensions(widget))}
    if order.by not in known:
        issues.add((*path, "order"), unknown("measure or dimension", order.by, known))


def _check_times(path: Path, project: Project, widget: WidgetBase, issues: Issues) -> None:
    timeless = holds_accounts(project, widget.dataset) or time_of(project, widget.dataset) is None
    if not timeless:
        return
    why = f"rows of '{widget.dataset}' have no time of their own"
    if isinstance(widget, SankeyWidget):
        issues.add((*path, "dataset"), f"{why}, and moves need one; use dataset: scores")
    for below, dimension in dimensions(widget).items():
        if dimension.grain and dimension.of is None:
            issues.add((*path, *below), f"{why}; say which with 'of', such as {{of: started_at, grain: month}}")
    for below, measure in measures(widget).items():
        if measure.aggregate is not None and measure.aggregate.function in _NEED_TIME:
            issues.add((*path, *below, "aggregate"), f"{measure.aggregate.function}() needs to know when; {why}")
    if isinstance(widget, FunnelWidget) and widget.within is not None:
        issues.add((*path, "within"), f"{why}, so that steps have no order; leave 'within' out")
    if isinstance(widget, LineWidget) and widget.compare is not None:
        issues.add((*path, "compare"), f"{why}, and there is no period before; leave 'compare' out")
