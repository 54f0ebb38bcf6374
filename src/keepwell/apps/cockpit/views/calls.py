"""The list of calls, and opening one by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.apps.access.actors import Actor, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.around import chips_html, options_html, people_at_work
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.filtering import Filters, narrowed, read_filters
from keepwell.apps.cockpit.forms import CallForm
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.opening import Wanted, open_call
from keepwell.apps.cockpit.ordering import AtRisk, at_risk, ordered
from keepwell.apps.cockpit.owners import workers_of
from keepwell.apps.cockpit.playbooks import in_force
from keepwell.apps.cockpit.queries import calls_seen, in_their_order, views_of
from keepwell.apps.cockpit.words import BY_HAND_OUTCOMES, Priority
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import account_for, units_of, visible
from keepwell.apps.health.dating import dates
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.ui.jinja import tables_of
from keepwell.errors import FieldRefused, RequestRefused

PAGE = 50
_FOUND = 20


@dataclass(frozen=True)
class Row:
    """A call with what it is ordered by, in words."""

    call: CallToAction
    at_risk: AtRisk
    is_late: bool
    health: CurrentHealth | None
    account_address: str


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Calls to do, the most at risk first, unless filters say otherwise."""
    actor, error = actor_of(request), ""
    try:
        filters = read_filters(request.GET.dict())
    except RequestRefused as refused:
        filters, error = Filters(), str(refused)
    found = ordered(narrowed(actor, filters), filters.sort)
    page = Paginator(found.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    rows, people = in_their_order(calls_seen(actor), page.object_list), people_at_work()
    context = {
        "filters": filters, "chips": chips_html(filters, people), "page": page,
        "rows": _rows_html(actor, rows), "error": error, "address": filters.address(),
        "views": views_of(actor),
        "may_bulk": actor.may(Permission.BULK), "may_write": actor.may(Permission.WRITE),
        "people": options_html(people), "priorities": Priority, "outcomes": BY_HAND_OUTCOMES, "tab": "list",
    }  # fmt: skip
    return render(request, "cockpit/list.html", context, status=422 if error else 200)


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """For which customer a call is opened."""
    actor, q = actor_of(request), request.GET.get("q", "").strip()
    require(actor, Permission.WRITE)
    seen = visible(actor).filter(in_population=True)
    found = seen.filter(name__icontains=q) if q else seen.filter(owner=actor.user)
    context = {"q": q, "accounts": found.select_related("health").order_by("name", "pk")[:_FOUND]}
    return render(request, "cockpit/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, account_id: str) -> HttpResponse:
    """A call about one customer."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    form = _form(request, account)
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_call(actor=actor, account_id=account_id, wanted=_wanted(form.cleaned_data))
            if opened.is_new:
                messages.success(request, "The call is open.")
            else:
                messages.info(request, "A call for this reason was open already; it says now what you wrote.")
            return redirect("call", opened.call.pk)
        except FieldRefused as refused:
            form.add_error(_field(form, refused.field), str(refused))
    status = 422 if form.is_bound else 200
    return render(request, "cockpit/new.html", {"account": account, "form": form}, status=status)


def _rows_html(actor: Actor, found: Sequence[CallToAction]) -> str:
    if not found:
        return ""
    template = tables_of("cockpit").get_template("rows.html")
    return mark_safe(template.render(rows=_rows(actor, found), may_bulk=actor.may(Permission.BULK)))


def _rows(actor: Actor, found: Sequence[CallToAction]) -> list[Row]:
    today, shown = today_of(actor.user), dates().shown
    return [
        Row(one, at_risk(one.account, shown), one.is_open and one.due_on is not None and one.due_on < today,
            getattr(one.account, "health", None), f"/customers/{quote(one.account_id, safe='')}/")
        for one in found
    ]  # fmt: skip


def _form(request: HttpRequest, account: Account) -> CallForm:
    said = request.POST if request.method == "POST" else None
    initial = {name: request.GET[name] for name in ("type", "title", "reason_words") if name in request.GET}
    units = [(one.pk, one.name) for one in units_of(account)]
    return CallForm(said, initial={"type": "risk", "priority": Priority.NORMAL, **initial}, people=workers_of(account),
                    books=list(in_force().values()), units=units)  # fmt: skip


def _wanted(data: dict[str, Any]) -> Wanted:
    return Wanted(
        type=data["type"], title=data["title"], reason_words=data["reason_words"], text=data["text"],
        priority=data["priority"], owner_id=data["owner_id"], due=data["due_on"], playbook=data.get("playbook", ""),
        relationship_id=data.get("relationship_id") or None,
    )  # fmt: skip


def _field(form: CallForm, name: str) -> str | None:
    """The field of the form that an operation calls so; the form itself where there is none."""
    meant = {"owner": "owner_id", "reason": "reason_words"}.get(name, name)
    return meant if meant in form.fields else None
