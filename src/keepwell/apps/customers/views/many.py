"""Many accounts at once, and saved views: what the customer list posts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Actor, actor_of
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.filters import read_filters
from keepwell.apps.customers.listing import narrowed
from keepwell.apps.customers.operations.bulk import MOST, change_many
from keepwell.apps.customers.operations.saved_views import delete_view, save_view
from keepwell.apps.customers.queries import today_of
from keepwell.apps.customers.refusals import FieldRefused

_FIELD = {"owner": "csm", "stage": "stage", "add": "list", "remove": "list"}
_DONE = {
    "owner": "{} got their CSM",
    "stage": "{} moved to the stage",
    "add": "{} are on the list",
    "remove": "{} left the list",
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
        number = change_many(actor=actor, account_ids=accounts, action=action, value=value)
        messages.success(request, _DONE[action].format(f"{number:,} account{'' if number == 1 else 's'}"))
    except FieldRefused as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect(back)


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
    address = request.POST.get("back", "")
    fits = address.startswith("/customers/?") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if fits else "/customers/"
