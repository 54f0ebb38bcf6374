"""What the list posts: the same change for many calls, its undo, and saved views."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.cockpit.models import CallBulkChange
from keepwell.apps.cockpit.operations.bulk import ACTIONS, change_calls, undo_change_of_calls
from keepwell.apps.cockpit.operations.saved_views import delete_call_view, save_call_view
from keepwell.apps.cockpit.words import Priority
from keepwell.errors import FieldRefused

_LONGEST_ID = 15


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One change for the chosen calls."""
    back, action = _back(request.POST.get("back", "")), request.POST.get("action", "")
    chosen = [int(one) for one in request.POST.getlist("call") if one.isdecimal() and len(one) < _LONGEST_ID]
    try:
        done = change_calls(actor=actor_of(request), call_ids=chosen, action=action, value=_value(request, action))
        _tell(request, done, back)
    except FieldRefused as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect(back)


@require_POST
def undo(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """What stood before one's own change, where nobody changed it since."""
    try:
        done = undo_change_of_calls(actor=actor_of(request), bulk_id=bulk_id)
        messages.success(request, f"{_calls(done)} {'is' if done == 1 else 'are'} as before")
    except FieldRefused as refused:
        messages.error(request, f"Nothing was undone: {refused}")
    return redirect(_back(request.GET.get("back", "")))


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    query = request.POST.get("query", "")
    try:
        name, shared = request.POST.get("name", ""), bool(request.POST.get("shared"))
        view = save_call_view(actor=actor_of(request), name=name, query=query, shared=shared)
        messages.success(request, f"The view {view.name} is kept")
    except FieldRefused as refused:
        messages.error(request, f"The view was not kept: {refused}")
    return redirect(_back(f"/cockpit/{query}"))


@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    delete_call_view(actor=actor_of(request), view_id=view_id)
    messages.success(request, "The view is gone")
    return redirect("/cockpit/")


def _value(request: HttpRequest, action: str) -> str:
    """The field beside the chosen action."""
    value = request.POST.get(action, "") if action in ACTIONS else ""
    named = {str(one.value): one.label for one in Priority}
    return named.get(value, value) if action == "priority" else value


def _tell(request: HttpRequest, done: CallBulkChange, back: str) -> None:
    if not done.before:
        messages.info(request, "Nothing changed: it was so already")
        return
    way_back = f"{reverse('undo_calls', args=[done.pk])}?{urlencode({'back': back})}"
    messages.success(request, f"{_calls(len(done.before))} changed", extra_tags=way_back)


def _calls(number: int) -> str:
    return f"{number:,} call{'' if number == 1 else 's'}"


def _back(address: str) -> str:
    """An address of the cockpit; its plain one for any other."""
    return address if address.startswith("/cockpit/?") else "/cockpit/"
