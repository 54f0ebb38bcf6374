"""A report that is being built: a widget on its own, from what was typed, from YAML, or from a dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keepwell.apps.configuration.document import Unreadable
from keepwell.apps.configuration.editing.entries import Document, Entries, name_from
from keepwell.apps.configuration.editing.form import Form, Typed
from keepwell.apps.configuration.editing.scalars import ABSENT, read_typed
from keepwell.apps.configuration.excerpts import excerpt
from keepwell.apps.configuration.rewriting import with_value
from keepwell.apps.dashboards.building.charts import drawn_as
from keepwell.apps.dashboards.building.fields import chart_of, widget_fields
from keepwell.apps.dashboards.building.parts import TITLES, new_widget
from keepwell.definitions.catalogue import ACCOUNTS
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.issues import Issue
from keepwell.definitions.one_dashboard import issues_of, parse_dashboard
from keepwell.definitions.project import Project
from keepwell.definitions.widgets import CHARTS
from keepwell.errors import RequestRefused

NAME = "report"
WIDGETS = "widgets"
FORM = Form(
    entries=Entries(WIDGETS, "report.yaml", NAME),
    draft="Reports",
    fields=lambda widget: widget_fields((), widget),
    same_part=lambda *_: True,
    parts={},
    new=lambda *_: {},
)
"""A widget alone, as the forms of definitions know it."""


@dataclass(frozen=True)
class Report:
    """`widget`: as it would be written; `around`: what the dashboard it is for says of all its widgets."""

    widget: Document
    around: Document = field(default_factory=dict)

    @property
    def chart(self) -> str:
        return chart_of(self.widget)

    @property
    def dataset(self) -> str:
        return str(self.widget.get("dataset") or "")

    @property
    def title(self) -> str:
        said = self.widget.get("title")
        return said if isinstance(said, str) else ""

    def name(self, taken: list[str]) -> str:
        """A free name for it on a dashboard."""
        return name_from(self.title or TITLES.get(self.chart, NAME), taken, "widget")[:60]

    @property
    def lines(self) -> str:
        """Its YAML."""
        name = self.name([])
        return excerpt(with_value("", (WIDGETS, name), self.widget), (WIDGETS, name))

    def read(self, project: Project) -> tuple[Dashboard | None, tuple[Issue, ...]]:
        """A dashboard of this one widget, and all that is wrong with it, by its place in the widget."""
        whole = {**self.around, WIDGETS: {NAME: self.widget}}
        found, issues = parse_dashboard(NAME, whole)
        wrong = issues if found is None else issues_of(project, NAME, found)
        return found, tuple(_at_widget(one) for one in wrong)


def _at_widget(issue: Issue) -> Issue:
    return Issue(issue.file, issue.line, issue.path.removeprefix(f"dashboards.{NAME}."), issue.message)


def begun(project: Project, chart: str = "bar", dataset: str = ACCOUNTS) -> Report:
    """A report to begin with: it shows something already."""
    chart = chart if chart in CHARTS else "bar"
    if dataset == ACCOUNTS:
        made = new_widget(chart, project)
        return Report({key: one for key, one in made.items() if key != "title"})
    return Report(drawn_as({"dataset": dataset, "measures": {"rows": "count()"}}, chart, project))


def from_typed(typed: Typed, project: Project, held: Document | None = None) -> Report:
    """What was typed on the form that was drawn for the chart `was` and the dataset `had`.

    Another chart takes over what is told apart and counted; another dataset begins anew, as it has other columns.
    `held`: the widget as a dashboard has it, of which the form does not know everything.
    """
    was = typed.get("was") or typed.get("chart", "")
    if was not in CHARTS:
        raise RequestRefused(f"choose what the report is drawn as: {', '.join(CHARTS)}")
    widget = _kept(held, was) | _meant(typed, was)
    chart = typed.get("chart") or was
    dataset, had = str(widget.get("dataset") or ""), typed.get("had", "")
    if had and dataset and dataset != had:
        fresh = begun(project, chart, dataset).widget
        return Report({**({"title": widget["title"]} if widget.get("title") else {}), **fresh})
    return Report(drawn_as(widget, chart, project) if chart != was and chart in CHARTS else widget)


def from_lines(lines: str) -> Report:
    """A widget from its YAML. Raises RequestRefused."""
    try:
        held = read_typed(lines)
    except Unreadable as wrong:
        raise RequestRefused(f"this is no YAML: {' '.join(str(wrong).split())}") from None
    widget = next(iter(held.values())) if isinstance(held, dict) and len(held) == 1 else None
    if not isinstance(widget, dict) or not chart_of(widget):
        raise RequestRefused(f"write one widget: its name, a colon, and below it what it is, with a chart of {_CHARTS}")
    return Report(widget)


_CHARTS = ", ".join(CHARTS)


def _meant(typed: Typed, chart: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in widget_fields((), {"chart": chart}):
        meant = one.meant(typed)
        if meant is not ABSENT:
            found[str(one.path[0])] = meant
    found["chart"] = chart
    return {**{key: found[key] for key in _FIRST if key in found}, **found}


_FIRST = ("title", "help", "chart", "dataset", "by", "rows", "columns", "split")


def _kept(held: Document | None, chart: str) -> dict[str, Any]:
    """What stands in a dashboard and has no input, such as its place."""
    known = {str(one.path[0]) for one in widget_fields((), {"chart": chart})}
    return {key: one for key, one in (held or {}).items() if key not in known}


def typed_of(widget: Mapping[str, Any]) -> dict[str, str]:
    """What the inputs of a widget hold, as a form sends them: for addresses that can be shared."""
    found = {**FORM.shown_of(widget)}
    return {name: text for name, text in found.items() if text and not name.endswith("/sent")}
