"""The editor of stages: those in force, those of a draft, one of them, and how accounts stand with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.editing.operations import draft_to_edit
from keepwell.apps.configuration.editing.pages import Asked, Editor
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.configuration.projects import Files, checked
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.rules.editing.naming import names_for, summary
from keepwell.apps.rules.lifecycle.editing.form import STAGE_FORM, in_order, moved
from keepwell.apps.rules.lifecycle.editing.page import page_of
from keepwell.apps.rules.lifecycle.overview import title_of_step
from keepwell.apps.rules.lifecycle.standing import Standings, standings
from keepwell.definitions.issues import Issue
from keepwell.definitions.lifecycle import Stage
from keepwell.engine.rules.telling_stages import stage_sentences
from keepwell.errors import InputError

_MOVES = {"up": -1, "down": 1}


def stages(request: HttpRequest) -> HttpResponse:
    """The stages in force. POST: a change, in a draft of one's own."""
    actor = configurator(request)
    version = queries.current_version()
    if request.method == "POST":
        try:
            return _asked(request, draft_to_edit(actor, STAGE_FORM))
        except InputError as refused:
            return _listed(request, version.files if version else {}, None, str(refused))
    return _listed(request, version.files if version else {}, None)


def stages_of_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The stages of a draft. POST: one of them comes, goes or moves, named by `do`."""
    configurator(request)
    draft = queries.draft(draft_id)
    if request.method == "POST":
        try:
            return _asked(request, draft)
        except InputError as refused:
            return _listed(request, draft.files, draft, str(refused))
    return _listed(request, draft.files, draft)


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


def _listed(request: HttpRequest, files: Files, draft: Draft | None, refusal: str = "") -> HttpResponse:
    project, issues = checked(files) if files else (None, ())
    found = standings(project) if project and project.stages else Standings()
    defined = project.stages if project else {}
    context = {
        "draft": draft,
        "rows": _rows(files, defined, found, issues),
        "found": found,
        "drafts": [one for one in queries.drafts() if draft is None and one.name.startswith(STAGE_FORM.draft)],
        "current": queries.current_version(),
        "refusal": refusal if request.POST.get("do") == "add" else "",
        "problems": [refusal] if refusal and request.POST.get("do") != "add" else [],
        "title": request.POST.get("title", ""),
    }
    return render(request, "rules/stages/list.html", context, status=422 if refusal else 200)


def _rows(files: Files, defined: Any, found: Standings, issues: Sequence[Issue]) -> list[dict[str, Any]]:
    rows = {row["name"]: row for row in EDITOR.rows(files, issues)}
    return [{**rows[name], "now": found.stages.get(name), "said": _said(defined.get(name))} for name in in_order(files)]


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
