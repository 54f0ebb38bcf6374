"""Widgets of a dashboard that come and go, and widgets that are drawn as something else after a save."""

from __future__ import annotations

from typing import Any

from keepwell.apps.configuration.editing.entries import Document, Entries, name_from
from keepwell.apps.configuration.editing.form import Change, Known, Path
from keepwell.apps.configuration.editing.parts import PartChange
from keepwell.apps.configuration.projects import Files, checked
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.configuration.rewriting import with_value, without
from keepwell.apps.dashboards.building.charts import drawn_as
from keepwell.apps.dashboards.building.fields import WIDGETS, chart_of, widgets_of
from keepwell.definitions.catalogue import ACCOUNTS
from keepwell.definitions.project import Project
from keepwell.definitions.widgets import CHARTS
from keepwell.errors import RequestRefused

ENTRIES = Entries("dashboards", "dashboards.yaml", "dashboard")
TITLES = {
    "number": "Number", "line": "Line over time", "bar": "Bars", "stacked": "Stacked bars", "heatmap": "Heatmap",
    "distribution": "Distribution", "funnel": "Funnel", "cohort": "Cohorts", "table": "Table", "scatter": "Scatter",
    "sankey": "Moves between bands",
}  # fmt: skip


def new_widget(chart: str, project: Project) -> dict[str, Any]:
    """A widget that shows something already."""
    return drawn_as({"title": TITLES[chart], "dataset": ACCOUNTS, "measures": {"customers": "count()"}}, chart, project)


def add_widget(dashboard: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    if chosen not in CHARTS:
        raise RequestRefused(f"choose what the widget is drawn as: {', '.join(CHARTS)}")
    made = new_widget(chosen, current_project() or Project())
    return placed_in(dashboard, root, made)


def placed_in(dashboard: Document, root: Path, made: Document) -> Change:
    """One more widget, under a name made of its title."""
    name = name_from(str(made.get("title") or made["chart"]), list(widgets_of(dashboard)), "widget")[:60]
    return lambda text: with_value(text, (*root, *WIDGETS, name), made)


def remove_widget(dashboard: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    name = at.rpartition("/")[2]
    if name not in widgets_of(dashboard):
        return None
    if len(widgets_of(dashboard)) == 1:
        raise RequestRefused("a dashboard shows something; add another widget before this one goes")
    return lambda text: without(text, (*root, *WIDGETS, name))


WORK: dict[str, PartChange] = {"add-widget": add_widget, "remove-widget": remove_widget}


def with_charts_followed(files: Files, name: str, before: Document) -> Files:
    """Widgets for which another chart was chosen are written as that chart is."""
    now = ENTRIES.entry_in(files, name) or {}
    was = widgets_of(before)
    for key, widget in widgets_of(now).items():
        chart, old = chart_of(widget), chart_of(was.get(key))
        if chart and old and chart != old:
            around = checked(ENTRIES.removed(files, name))[0] or Project()
            drawn = drawn_as({**widget, "chart": old}, chart, around)
            place = ("dashboards", name, *WIDGETS, key)
            files = ENTRIES.changed(files, name, lambda text, at=place, to=drawn: with_value(text, at, to))  # type: ignore[misc]
    return files
