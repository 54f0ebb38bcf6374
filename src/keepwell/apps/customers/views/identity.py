"""Ids that lead to nobody, and what was decided about others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from keepwell.apps.access.actors import Actor, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.models import Account, SourceId, SourceIdState
from keepwell.apps.customers.operations import create_account, ignore_id, link_id, undo_decision
from keepwell.apps.customers.suggesting import Suggestion, suggestions
from keepwell.apps.customers.unresolved import through_of
from keepwell.errors import RequestRefused

PAGE, DECIDED, MERGED = 25, 50, 50


@require_GET
def identity(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, refused: str = "", number: int = 0) -> HttpResponse:
    actor = actor_of(request)
    require(actor, Permission.ADMINISTER)
    found = SourceId.objects.filter(state=SourceIdState.OPEN).order_by("-rows", "pk")
    at = max(int(request.GET.get("page", "1")[:6]) if request.GET.get("page", "1").isdecimal() else 1, 1)
    some = list(found[(at - 1) * PAGE : at * PAGE + 1])
    context = {
        "ids": [_shown(actor, one) for one in some[:PAGE]],
        "total": found.count(),
        "next": at + 1 if len(some) > PAGE else None,
        "decided": SourceId.objects.exclude(state=SourceIdState.OPEN)
        .select_related("account")
        .order_by("-decided_at")[:DECIDED],
        "merged": Account.objects.exclude(merged_into=None)
        .select_related("merged_into")
        .order_by("-updated_at")[:MERGED],
        "looked_at": SourceId.objects.order_by("-looked_at").values_list("looked_at", flat=True).first(),
        "error": {"number": number, "words": refused} if refused else None,
        "typed": request.POST,
    }
    return render(request, "customers/identity.html", context, status=422 if refused else 200)


def _shown(actor: Actor, one: SourceId) -> tuple[SourceId, list[Suggestion], str]:
    """An id, whose it could be, and the dataset that it is a key of where that says whose it is."""
    through = through_of(one.source)
    return one, [] if through else suggestions(actor, one.source_id), through


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Asks the worker to look at the datasets again."""
    from keepwell.apps.customers.jobs import look_for_ids

    require(actor_of(request), Permission.ADMINISTER)
    look_for_ids.defer()
    messages.success(request, "The worker looks at every dataset; come back in a moment")
    return redirect("identity")


@require_POST
def link(request: HttpRequest, source_id: int) -> HttpResponse:
    account = request.POST.get("account", "")
    return _decide(request, source_id, lambda: link_id(actor=actor_of(request), number=source_id, account_id=account),
                   "Linked: its rows count for the account from the next run on")  # fmt: skip


@require_POST
def create(request: HttpRequest, source_id: int) -> HttpResponse:
    name = request.POST.get("name", "")
    return _decide(request, source_id, lambda: create_account(actor=actor_of(request), number=source_id, name=name),
                   "The account is there; its rows count for it from the next run on")  # fmt: skip


@require_POST
def ignore(request: HttpRequest, source_id: int) -> HttpResponse:
    return _decide(request, source_id, lambda: ignore_id(actor=actor_of(request), number=source_id), "Ignored")


@require_POST
def undo(request: HttpRequest, source_id: int) -> HttpResponse:
    return _decide(request, source_id, lambda: undo_decision(actor=actor_of(request), number=source_id),
                   "Undone: the id leads to nobody again")  # fmt: skip


def _decide(request: HttpRequest, number: int, change: Callable[[], Any], done: str) -> HttpResponse:
    require(actor_of(request), Permission.ADMINISTER)
    try:
        change()
    except RequestRefused as refused:
        return _page(request, str(refused), number)
    messages.success(request, done)
    return redirect("identity")
