"""The editor of dashboards: those in force, those of a draft, and one of them as form and YAML."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.listing import Listed, Listing
from keepwell.apps.configuration.editing.pages import Asked, Editor
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.dashboards.boards.desks import key_of_draft
from keepwell.apps.dashboards.boards.queries import boards_for
from keepwell.apps.dashboards.building.fields import widgets_of
from keepwell.apps.dashboards.building.form import DASHBOARD_FORM
from keepwell.apps.dashboards.building.naming import names_of_accounts
from keepwell.apps.dashboards.building.page import page_of
from keepwell.apps.dashboards.building.parts import ENTRIES
from keepwell.definitions.starting_dashboards import starting_dashboards
from keepwell.errors import RequestRefused


def dashboard(request: HttpRequest, draft_id: int, dashboard: str) -> HttpResponse:
    return EDITOR.entry(request, draft_id, dashboard)


def save(request: HttpRequest, draft_id: int, dashboard: str) -> HttpResponse:
    return EDITOR.save(request, draft_id, dashboard)


def save_yaml(request: HttpRequest, draft_id: int, dashboard: str) -> HttpResponse:
    return EDITOR.save_yaml(request, draft_id, dashboard)


def _beside(asked: Asked) -> dict[str, Any]:
    key = key_of_draft(asked.draft, asked.name)
    return {
        "names": names_of_accounts(asked.project),
        "aside": "How it looks",
        "to_arrange": reverse("arrange", args=[key]),
        "to_report": f"{reverse('new_report')}?to={key}",
        "other_name": "Links to it, favourites and scheduled letters stay with the old name.",
    }


EDITOR = Editor(DASHBOARD_FORM, "dashboards/building", page_of, _beside)


def _rows(listed: Listed) -> dict[str, Any]:
    offered = boards_for(listed.actor).filter(offered_at__isnull=False) if listed.draft is None else ()
    rows = [{**row, **_said(row["entry"])} for row in listed.rows]
    return {"rows": rows, "offered": offered, "starting": _to_begin_with({row["name"] for row in rows})}


def _said(entry: Document) -> dict[str, Any]:
    roles = entry.get("roles") or []
    return {"widgets": len(widgets_of(entry)), "roles": [roles] if isinstance(roles, str) else roles}


def _to_begin_with(taken: set[str]) -> list[tuple[str, str]]:
    project = current_project()
    found = starting_dashboards(project) if project else {}
    return [(name, one.get("title", name)) for name, one in found.items() if name not in taken]


def _asked(request: HttpRequest, draft: Draft) -> HttpResponse:
    """One to begin with comes into the draft under its own name, so that it stands in the place of what is shown."""
    if request.POST.get("do") != "begin":
        return EDITOR.asked(request, draft)
    actor, name, project = configurator(request), request.POST.get("entry", ""), current_project()
    entry = starting_dashboards(project).get(name) if project else None
    if entry is None:
        raise RequestRefused("choose one of the dashboards to begin with")
    saved = change_draft(actor=actor, draft=draft, change=lambda files: ENTRIES.added(files, name, entry))
    return redirect("edit_dashboard", saved.pk, name)


LISTING = Listing(EDITOR, "dashboards/building/list.html", "Dashboards", "Monday", _rows, asked=_asked)
