"""Lists that people keep by hand: all of them, and the accounts of one."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customers.operations.lists import (
    add_to_list,
    delete_list,
    make_list,
    remove_from_list,
    rename_list,
)
from keepwell.apps.customers.queries import account_list, accounts_of_list, lists_with_counts
from keepwell.errors import FieldRefused


def lists(request: HttpRequest) -> HttpResponse:
    """All lists, with how many of their accounts this person sees; posting a name makes one."""
    actor, error = actor_of(request), ""
    if request.method == "POST":
        try:
            made = make_list(actor=actor, name=request.POST.get("name", ""))
            return redirect(f"/lists/{made.pk}/")
        except FieldRefused as refused:
            error = str(refused)
    context = {"lists": lists_with_counts(actor), "error": error, "typed": request.POST.get("name", "")}
    return render(request, "customers/lists.html", context, status=422 if error else 200)


def one(request: HttpRequest, list_id: int, error: str = "") -> HttpResponse:
    """One list and those of its accounts that this person sees, the first 200 by name."""
    actor, found = actor_of(request), account_list(list_id)
    rows = accounts_of_list(actor, found)[:201]
    context = {"list": found, "rows": rows[:200], "more": len(rows) > 200, "error": error, "typed": request.POST}
    return render(request, "customers/account_list.html", context, status=422 if error else 200)


@require_POST
def rename(request: HttpRequest, list_id: int) -> HttpResponse:
    return _posted(
        request,
        list_id,
        lambda: rename_list(actor=actor_of(request), list_id=list_id, name=request.POST.get("name", "")),
    )


@require_POST
def delete(request: HttpRequest, list_id: int) -> HttpResponse:
    name = account_list(list_id).name
    delete_list(actor=actor_of(request), list_id=list_id)
    messages.success(request, f"The list {name} was deleted; the audit keeps which accounts it had")
    return redirect("/lists/")


@require_POST
def add(request: HttpRequest, list_id: int) -> HttpResponse:
    account = request.POST.get("account", "").strip()
    return _posted(
        request, list_id, lambda: add_to_list(actor=actor_of(request), list_id=list_id, account_ids=[account])
    )


@require_POST
def remove(request: HttpRequest, list_id: int) -> HttpResponse:
    accounts = request.POST.getlist("account")
    return _posted(
        request, list_id, lambda: remove_from_list(actor=actor_of(request), list_id=list_id, account_ids=accounts)
    )


def _posted(request: HttpRequest, list_id: int, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except FieldRefused as refused:
        return one(request, list_id, str(refused))
    return redirect(f"/lists/{list_id}/")
