"""Configure › Quarantine."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.usage.operations import quarantine as operations
from keepwell.apps.usage.queries import quarantine as queries

PAGE = 50


def quarantine(request: HttpRequest) -> HttpResponse:
    """Reasons with counts, and the newest messages of those that are sought."""
    actor = actor_of(request)
    sought = _sought(request.GET)
    found = queries.quarantined(actor, sought)
    before = request.GET.get("before", "")
    rows = list((found.filter(pk__lt=int(before)) if _is_number(before) else found)[: PAGE + 1])
    context = {
        "counts": queries.counts(actor),
        "rows": rows[:PAGE],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "sought": sought,
        "may": actor.may(Permission.ADMINISTER),
    }
    return render(request, "usage/quarantine.html", context)


@never_cache
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """What was sent, and what is wrong with it."""
    found = queries.message(actor_of(request), message_id)
    return render(request, "usage/quarantined.html", {"one": found, "text": _readable(found.message)})


@require_POST
def replay(request: HttpRequest, message_id: int) -> HttpResponse:
    done = operations.replay(actor=actor_of(request), message_id=message_id)
    if done.accepted:
        messages.success(request, "It was accepted this time.")
        return redirect("quarantine")
    messages.error(request, "It was refused again; what is wrong stands below.")
    return redirect("quarantined", message_id)


@require_POST
def discard(request: HttpRequest, message_id: int) -> HttpResponse:
    operations.discard(actor=actor_of(request), message_id=message_id)
    messages.success(request, "The message is discarded.")
    return redirect("quarantine")


@require_POST
def replay_all(request: HttpRequest) -> HttpResponse:
    done = operations.replay_all(actor=actor_of(request), sought=_sought(request.POST))
    left = f" {done.left:,} are left: replay again." if done.left else ""
    messages.success(request, f"{done.accepted:,} accepted, {done.refused:,} refused again.{left}")
    return redirect("quarantine")


@require_POST
def discard_all(request: HttpRequest) -> HttpResponse:
    number = operations.discard_all(actor=actor_of(request), sought=_sought(request.POST))
    messages.success(request, f"{number:,} discarded.")
    return redirect("quarantine")


def _sought(said: Any) -> queries.Sought:
    key = said.get("key", "")
    return queries.Sought(said.get("reason", ""), int(key) if _is_number(key) else None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


def _readable(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
