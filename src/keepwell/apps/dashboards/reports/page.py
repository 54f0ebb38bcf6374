"""What the page of a report is made of."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.editing.form import Typed
from keepwell.apps.configuration.editing.shown import Showing
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.dashboards.answering.answers import columns_of
from keepwell.apps.dashboards.boards.desks import Desk
from keepwell.apps.dashboards.building.fields import widget_fields
from keepwell.apps.dashboards.building.form import known_of
from keepwell.apps.dashboards.building.naming import names_of_rows
from keepwell.apps.dashboards.building.parts import TITLES
from keepwell.apps.dashboards.building.shown import places_of, widget_shown
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.apps.dashboards.reports.drawn import drawn
from keepwell.apps.dashboards.reports.report import FORM, NAME, Report
from keepwell.apps.dashboards.reports.targets import targets_for
from keepwell.definitions.catalogue import catalogue_names, holds_accounts
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.project import Project


def page_of(actor: Actor, project: Project, report: Report, desk: Desk | None, typed: Typed) -> dict[str, Any]:
    around = {key: desk.entry[key] for key in ("period", "where") if key in desk.entry} if desk else {}
    whole = Report(report.widget, around)
    dashboard, issues = whole.read(project)
    fields = list(widget_fields((), report.widget))
    places = places_of(fields, FORM.shown_of(report.widget))
    showing = Showing(FORM, NAME, report.widget, issues, known_of(project, NAME), parts=places, empty=_EMPTY)
    found = drawn(actor, project, whole, dashboard)
    return {
        "report": report,
        "widget_form": widget_shown(showing, (), report.widget),
        "errors": showing.errors.get("", ()),
        "charts": list(TITLES.items()),
        "datasets": sorted(catalogue_names(project)),
        "names": names_of_rows(project, report.dataset, _columns(actor, project, report, dashboard)),
        "lists": {key: known_of(project, NAME)[key] for key in ("period", "unit", "within", "dataset")},
        "drawn": found.context,
        "statements": found.statements,
        "stamp": sha256(report.lines.encode()).hexdigest()[:12],
        "targets": targets_for(actor),
        "to": typed.get("to", ""),
        "new_title": typed.get("new_title", ""),
        "revision": desk.revision if desk else "",
    }


_EMPTY = {"where": "all rows", "period": "that of the dashboard"}


def _columns(actor: Actor, project: Project, report: Report, dashboard: Dashboard | None) -> dict[str, Any]:
    version = current_version()
    if holds_accounts(project, report.dataset) or dashboard is None or version is None:
        return {}
    return columns_of(actor, Shown(NAME, NAME, dashboard, project, version.digest, "own"), report.dataset)
