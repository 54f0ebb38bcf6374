"""What the list posts: the same change for many calls, its undo, and saved views."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from keepwell.apps.cockpit.operations.bulk import ACTIONS, change_calls, undo_change_of_calls
from keepwell.apps.cockpit.operations.saved_views import delete_call_view, save_call_view
from keepwell.apps.cockpit.words import Priority
from keepwell.apps.customers.views.changed import changed, counted, undone, view_dropped, view_kept

_LONGEST_ID = 15


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One change for the chosen calls."""
    back, action = _back(request.POST.get("back", "")), request.POST.get("action", "")
    chosen = [int(one) for one in request.POST.getlist("call") if one.isdecimal() and len(one) < _LONGEST_ID]
    value = _value(request, action)
    return changed(
        request, lambda actor: change_calls(actor=actor, call_ids=chosen, action=action, value=value),
        lambda done: f"{counted(len(done.before), 'call')} changed", "undo_calls", back,
    )  # fmt: skip


@require_POST
def undo(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """What stood before one's own change, where nobody changed it since."""
    back = _back(request.GET.get("back", ""))
    return undone(request, lambda actor: undo_change_of_calls(actor=actor, bulk_id=bulk_id), "call", back)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    return view_kept(request, save_call_view, _back(f"/cockpit/{request.POST.get('query', '')}"))


@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    return view_dropped(request, delete_call_view, view_id, "/cockpit/")


def _value(request: HttpRequest, action: str) -> str:
    """The field beside the chosen action."""
    value = request.POST.get(action, "") if action in ACTIONS else ""
    named = {str(one.value): one.label for one in Priority}
    return named.get(value, value) if action == "priority" else value


def _back(address: str) -> str:
    """An address of the cockpit; its plain one for any other."""
    return address if address.startswith("/cockpit/?") else "/cockpit/"
