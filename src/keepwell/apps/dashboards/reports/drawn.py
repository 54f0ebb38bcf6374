"""A report drawn: its numbers and chart under the reader's own rights, with the statements behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.dashboards.answering.answers import explain
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.apps.dashboards.drawing.numbers import number_of
from keepwell.apps.dashboards.drawing.picture import Line, pictured
from keepwell.apps.dashboards.drawing.words import span_said
from keepwell.apps.dashboards.reports.report import NAME, Report
from keepwell.definitions.catalogue import holds_accounts
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.project import Project


@dataclass(frozen=True)
class Drawn:
    """`context`: for the template of a widget; empty where the report has something to mend first."""

    context: dict[str, Any]
    statements: Sequence[str]


def drawn(actor: Actor, project: Project, report: Report, dashboard: Dashboard | None) -> Drawn:
    version = current_version()
    if dashboard is None or version is None:
        return Drawn({}, ())
    shown = Shown(NAME, NAME, dashboard, project, version.digest, "own")
    found = explain(actor, shown, NAME)
    widget, result = dashboard.widgets[NAME], found.result
    picture = pictured(project, NAME, widget, result)
    plain = replace(picture, lines=[Line(one.cells, "", "", one.words) for one in picture.lines])
    context = {
        "widget": widget, "result": result, "picture": plain, "title": report.title or "The report", "name": NAME,
        "number": number_of(result) if widget.chart == "number" else None, "option_id": f"option-{NAME}",
        "span": span_said(result.span, is_of_accounts=holds_accounts(project, widget.dataset)) if result.span else "",
        "compared": span_said(result.compared) if result.compared else "",
    }  # fmt: skip
    return Drawn(context, found.statements)
