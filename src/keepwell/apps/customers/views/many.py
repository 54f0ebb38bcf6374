"""Many accounts at once, and saved views: what the customer list posts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.filters import read_filters
from keepwell.apps.customers.listing import narrowed
from keepwell.apps.customers.models import BulkChange
from keepwell.apps.customers.operations.bulk import MOST, change_many, undo_change_of_many
from keepwell.apps.customers.operations.saved_views import delete_view, save_view
from keepwell.apps.customers.queries import today_of
from keepwell.apps.customers.views.changed import changed, counted, undone, view_dropped, view_kept

_FIELD = {"owner": "csm", "stage": "stage", "add": "list", "remove": "list", "attribute": "attribute"}
_DONE = {
    "owner": "{} got their CSM",
    "stage": "{} moved to the stage",
    "add": "{} came to the list",
    "remove": "{} left the list",
    "attribute": "{} got the attribute",
}


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One change for the chosen accounts, or for all that fit the filters the list was shown with."""
    back, action = _back(request), request.POST.get("action", "")

    def change(actor: Actor) -> BulkChange:
        accounts = _all_that_fit(actor, back) if request.POST.get("everything") else request.POST.getlist("account")
        value = request.POST.get(_FIELD.get(action, ""), "")
        return change_many(actor=actor, account_ids=accounts, action=action, value=value)

    return changed(request, change, lambda done: _DONE[done.action].format(counted(len(done.before), "account")),
                   "undo_bulk", back)  # fmt: skip


@require_POST
def undo(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """What stood before one's own change, where nobody changed it since."""
    back = _inside(request.GET.get("back", ""))
    return undone(request, lambda actor: undo_change_of_many(actor=actor, bulk_id=bulk_id), "account", back)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    query = request.POST.get("query", "")
    return view_kept(request, save_view, f"/customers/{query if query.startswith('?') else ''}")


@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    return view_dropped(request, delete_view, view_id, "/customers/")


def _all_that_fit(actor: Actor, address: str) -> list[str]:
    columns = current_columns()
    filters = read_filters(QueryDict(address.partition("?")[2]))
    found = narrowed(actor, filters, columns, today_of(columns))
    return list(found.accounts.order_by("pk").values_list("pk", flat=True)[: MOST + 1])


def _back(request: HttpRequest) -> str:
    return _inside(request.POST.get("back", ""))


def _inside(address: str) -> str:
    """An address of the list; its plain one for any other."""
    fits = address.startswith("/customers/?") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if fits else "/customers/"
