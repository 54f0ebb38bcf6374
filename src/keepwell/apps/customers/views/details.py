"""What is known of one account beside its health: stage and owner, hierarchy, people, attributes, lists, identity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.cells import shown
from keepwell.apps.customers.identity import source_ids_of
from keepwell.apps.customers.models import AccountList
from keepwell.apps.customers.operations import give_back_owner, merge_accounts, move_by_hand, set_owner, undo_merge
from keepwell.apps.customers.queries import (
    account_for,
    family_of,
    owners,
    people_of,
    stages_in_force,
    stages_of,
    visible,
)
from keepwell.apps.customers.source_names import names_of
from keepwell.errors import FieldRefused


@require_GET
def details(request: HttpRequest, account_id: str) -> HttpResponse:
    return page(request, account_id)


def page(request: HttpRequest, account_id: str, refused: FieldRefused | None = None, form: str = "") -> HttpResponse:
    """The page; with what was refused beside the field of the form that was posted, and what was typed."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    people = list(people_of(account))
    names = names_of([one.pk for one in people])
    context: dict[str, Any] = {
        "account": account,
        "family": family_of(actor, account),
        "people": [(one, names[one.pk]) for one in people],
        "stages": stages_of(account)[:50],
        "defined_stages": [(name, one.title or name.replace("_", " ").capitalize()) for name, one in stages_in_force()],
        "attributes": [(name.replace("_", " "), shown(value)) for name, value in sorted(account.attributes.items())],
        "lists": AccountList.objects.filter(accounts=account).order_by("name"),
        "owners": owners(),
        "source_ids": source_ids_of(account.pk),
        "may_write": actor.may(Permission.WRITE),
        "may_administer": actor.may(Permission.ADMINISTER),
        "error": {"form": form, "field": refused.field, "words": str(refused)} if refused else None,
        "typed": request.POST,
    }
    return render(request, "customers/details.html", context, status=422 if refused else 200)


@require_POST
def stage(request: HttpRequest, account_id: str) -> HttpResponse:
    given, reason = request.POST.get("stage", ""), request.POST.get("reason", "")
    return posted(
        request, account_id, "stage",
        lambda: move_by_hand(actor=actor_of(request), account_id=account_id, stage=given, reason=reason),
        "The stage is set",
    )  # fmt: skip


@require_POST
def owner(request: HttpRequest, account_id: str) -> HttpResponse:
    given = request.POST.get("csm", "")

    def change() -> object:
        if given and not (given.isdecimal() and len(given) < 18):
            raise FieldRefused("csm", "choose one of the people offered")
        return set_owner(actor=actor_of(request), account_id=account_id, owner_id=int(given) if given else None)

    return posted(request, account_id, "csm", change, "The CSM is set", leaves=True)


@require_POST
def owner_back(request: HttpRequest, account_id: str) -> HttpResponse:
    """The source decides again who the CSM is."""
    return posted(
        request, account_id, "csm", lambda: give_back_owner(actor=actor_of(request), account_id=account_id),
        "The accounts data say again who the CSM is", leaves=True,
    )  # fmt: skip


@require_POST
def merge(request: HttpRequest, account_id: str) -> HttpResponse:
    into = request.POST.get("into", "").strip()
    return posted(
        request, account_id, "merge",
        lambda: merge_accounts(actor=actor_of(request), account_id=account_id, into_id=into),
        lambda done: f"Merged: {done.words} moved; facts count for the other account from the next run on",
    )  # fmt: skip


@require_POST
def unmerge(request: HttpRequest, account_id: str) -> HttpResponse:
    return posted(
        request, account_id, "merge", lambda: undo_merge(actor=actor_of(request), account_id=account_id),
        "The merge is undone; facts count here again from the next run on",
    )  # fmt: skip


def posted(
    request: HttpRequest,
    account_id: str,
    form: str,
    change: Callable[[], Any],
    done: str | Callable[[Any], str],
    *,
    leaves: bool = False,
) -> HttpResponse:
    """Does the change and shows the page again, with `done` or what it says of the change. `leaves`: afterwards the
    actor may not see the account any more."""
    try:
        changed = change()
    except FieldRefused as refused:
        return page(request, account_id, refused, form)
    messages.success(request, done if isinstance(done, str) else done(changed))
    seen = not leaves or visible(actor_of(request)).filter(pk=account_id).exists()
    return redirect(f"/customers/{account_id}/details/" if seen else "/customers/")
