"""Many accounts at once, and saved views: what the customer list posts."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Actor, actor_of
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.filters import read_filters
from keepwell.apps.customers.listing import narrowed
from keepwell.apps.customers.models import BulkChange
from keepwell.apps.customers.operations.bulk import MOST, change_many, undo_change_of_many
from keepwell.apps.customers.operations.saved_views import delete_view, save_view
from keepwell.apps.customers.queries import today_of
from keepwell.errors import FieldRefused, RequestRefused

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
    actor, back, action = actor_of(request), _back(request), request.POST.get("action", "")
    accounts = request.POST.getlist("account")
    try:
        if request.POST.get("everything"):
            accounts = _all_that_fit(actor, back)
        value = request.POST.get(_FIELD.get(action, ""), "")
        done = change_many(actor=actor, account_ids=accounts, action=action, value=value)
        _tell(request, done, back)
    except RequestRefused as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect(back)


@require_POST
def undo(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """What stood before one's own change, where nobody changed it since."""
    try:
        done = undo_change_of_many(actor=actor_of(request), bulk_id=bulk_id)
        messages.success(request, f"{_accounts(done)} {'is' if done == 1 else 'are'} as before")
    except RequestRefused as refused:
        messages.error(request, f"Nothing was undone: {refused}")
    return redirect(_inside(request.GET.get("back", "")))


def _tell(request: HttpRequest, done: BulkChange, back: str) -> None:
    """What was changed, with the way back beside it."""
    if not done.before:
        messages.info(request, "Nothing changed: it was so already")
        return
    way_back = f"{reverse('undo_bulk', args=[done.pk])}?{urlencode({'back': back})}"
    messages.success(request, _DONE[done.action].format(_accounts(len(done.before))), extra_tags=way_back)


def _accounts(number: int) -> str:
    return f"{number:,} account{'' if number == 1 else 's'}"


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    query = request.POST.get("query", "")
    try:
        view = save_view(actor=actor_of(request), name=request.POST.get("name", ""), query=query,
                         shared=bool(request.POST.get("shared")))  # fmt: skip
        messages.success(request, f"The view {view.name} is kept")
    except FieldRefused as refused:
        messages.error(request, f"The view was not kept: {refused}")
    return HttpResponseRedirect(f"/customers/{query if query.startswith('?') else ''}")


@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    view = delete_view(actor=actor_of(request), view_id=view_id)
    messages.success(request, f"The view {view.name} was deleted; its address was /customers/{view.query}")
    return redirect("/customers/")


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
