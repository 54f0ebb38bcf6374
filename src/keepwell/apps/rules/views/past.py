"""How often the rule of a draft would have acted in the last year: asked of a worker, followed, and shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import checked
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.health.workers import live_workers
from keepwell.apps.rules.replaying.asking import ask_for_replay, replay_of


def past(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    """The figures where they were made, how far they are, or how to get them."""
    configurator(request)
    return _past(request, queries.draft(draft_id), rule)


@require_POST
def ask(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    actor, draft = configurator(request), queries.draft(draft_id)
    if _is_ready(draft, rule):
        ask_for_replay(actor=actor, files=draft.files, rule=rule)
    return _past(request, draft, rule)


def _past(request: HttpRequest, draft: Draft, rule: str) -> HttpResponse:
    ready = _is_ready(draft, rule)
    context = {
        "draft": draft,
        "name": rule,
        "ready": ready,
        "replay": replay_of(draft.files, rule) if ready else None,
        "worker": live_workers() > 0,
    }
    return render(request, "rules/_past.html", context)


def _is_ready(draft: Draft, rule: str) -> bool:
    project, _ = checked(draft.files)
    return project is not None and rule in project.rules
