"""The editor of stages: those in force, those of a draft, one of them, and how accounts stand with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.editing.listing import Listed, Listing
from keepwell.apps.configuration.editing.pages import Asked, Editor
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.configuration.projects import checked
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.rules.editing.naming import names_for, summary
from keepwell.apps.rules.lifecycle.editing.form import STAGE_FORM, in_order, moved
from keepwell.apps.rules.lifecycle.editing.page import page_of
from keepwell.apps.rules.lifecycle.overview import title_of_step
from keepwell.apps.rules.lifecycle.standing import Standings, standings
from keepwell.definitions.lifecycle import Stage
from keepwell.definitions.project import Project
from keepwell.engine.rules.telling_stages import stage_sentences

_MOVES = {"up": -1, "down": 1}


def stage(request: HttpRequest, draft_id: int, stage: str) -> HttpResponse:
    return EDITOR.entry(request, draft_id, stage)


def save(request: HttpRequest, draft_id: int, stage: str) -> HttpResponse:
    return EDITOR.save(request, draft_id, stage)


def save_yaml(request: HttpRequest, draft_id: int, stage: str) -> HttpResponse:
    return EDITOR.save_yaml(request, draft_id, stage)


def standing(request: HttpRequest, draft_id: int, stage: str) -> HttpResponse:
    """How many accounts are in each stage of the draft now, and meet what lets in and out."""
    configurator(request)
    draft = queries.draft(draft_id)
    project, _ = checked(draft.files)
    context: dict[str, object] = {"draft": draft, "invalid": project is None or stage not in project.stages}
    if project is not None and stage in project.stages:
        found = standings(project)
        steps = project.stages[stage].milestones.items()
        titles = [(name, title_of_step(name, one.title)) for name, one in steps]
        context |= {"found": found, "own": found.stages.get(stage), "titles": titles}
    return render(request, "rules/stages/_standing.html", context)


def _asked(request: HttpRequest, draft: Draft) -> HttpResponse:
    do, name = request.POST.get("do", ""), request.POST.get("entry", "")
    if do not in _MOVES:
        return EDITOR.asked(request, draft)
    change_draft(actor=configurator(request), draft=draft, change=lambda now: moved(now, name, _MOVES[do]))
    messages.success(request, "The order is changed in the draft. It takes effect when the draft is published.")
    return redirect("draft_stages", draft.pk)


def _rows(listed: Listed) -> dict[str, Any]:
    project, rows = listed.project or Project(), {row["name"]: row for row in listed.rows}
    found = standings(project) if project.stages else Standings()
    return {
        "found": found,
        "rows": [{**rows[name], "now": found.stages.get(name), "said": _said(project.stages.get(name))}
                 for name in in_order(listed.files)],
    }  # fmt: skip


def _said(stage: Stage | None) -> str:
    """What it says in sentences; empty while the draft is not valid."""
    if stage is None:
        return ""
    steps = [title_of_step(name, one.title) for name, one in stage.milestones.items()]
    return " ".join((*stage_sentences(stage), f"Milestones: {', '.join(steps)}." if steps else ""))


def _beside(asked: Asked) -> dict[str, Any]:
    drafted = asked.drafted.stages.get(asked.name) if asked.drafted else None
    return {
        "sentence": " ".join(stage_sentences(drafted)) if drafted else "",
        "names": names_for(asked.project),
        "summary": summary(asked.project),
        "aside": "How accounts stand with it",
        "goes_on": ("#standing", "How accounts stand with it"),
        "other_name": "Accounts that stand in it keep its old name until criteria, a rule or a person moves them. "
        "Another title changes what people read, and nothing else.",
    }


EDITOR = Editor(STAGE_FORM, "rules/stages", page_of, _beside)
LISTING = Listing(EDITOR, "rules/stages/list.html", "Stages", "Onboarding", _rows, asked=_asked)
