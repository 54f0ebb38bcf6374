"""Requests: the board, one, a new one, and its steps; the search for whom to ask."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import Actor, NotVisible, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.finding.search import USUAL, find
from keepwell.apps.advocacy.finding.words import understood
from keepwell.apps.advocacy.forms import ActivityForm, RequestForm, StepForm
from keepwell.apps.advocacy.kinds import Kind, every_kind, kinds_asked_for, title_of, titles
from keepwell.apps.advocacy.models import Request
from keepwell.apps.advocacy.operations.requests import LimitReached, ask, choose, finish, move
from keepwell.apps.advocacy.queries import name_of, request_for, requests_seen, whom, whose
from keepwell.apps.advocacy.words import MAY_BE_DONE, NEXT, WAITING, RequestStatus
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.ui.accepting import accepted
from keepwell.definitions.advocacy import AdvocacyActivity
from keepwell.errors import FieldRefused, InputError

_COLUMNS = (*WAITING, RequestStatus.DONE, RequestStatus.DECLINED)
_EACH = 30


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Requests by status, those needed first on top."""
    actor, mine = actor_of(request), request.GET.get("mine") == "yes"
    found = requests_seen(actor).filter(asker=actor.user) if mine else requests_seen(actor)
    known = titles()
    columns = [_column(found, status, known) for status in _COLUMNS]
    context = {
        "tab": "requests", "columns": columns, "mine": mine, "today": today(), "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "advocacy/board.html", context)


def _column(found: Any, status: RequestStatus, known: Mapping[str, str]) -> dict[str, Any]:
    order = ("needed_by", "made_at") if status in WAITING else ("-changed_at",)
    rows = found.filter(status=status).order_by(*order)
    cards = [(one, whose(one), known.get(one.kind) or title_of(one.kind)) for one in rows[:_EACH]]
    return {"status": status.value, "title": status.label, "cards": cards, "total": rows.count()}


def title(kind: str) -> str:
    known = every_kind().get(kind)
    return known.title if known else title_of(kind)


@require_GET
def one(request: HttpRequest, request_id: int) -> HttpResponse:
    """What is asked for, of whom, and how far it is."""
    actor = actor_of(request)
    return _page(request, actor, request_for(actor, request_id))


def _page(request: HttpRequest, actor: Actor, found: Request, form: StepForm | None = None) -> HttpResponse:
    steps = [
        (step, RequestStatus(step.status).label, name_of(step.person))
        for step in found.steps.select_related("person__personal")
    ]
    context = {
        "one": found, "name": whose(found), "kind": title(found.kind), "steps": steps, "today": today(),
        "next": [(status.value, status.label) for status in NEXT.get(found.status, ())],
        "may_be_done": found.status in MAY_BE_DONE, "may_choose": found.is_waiting or found.status == "declined",
        "done": getattr(found, "activity", None), "form": form, "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "advocacy/request.html", context, status=422 if form is not None else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Asks somebody who was chosen, or leaves open whom."""
    actor = actor_of(request)
    require(actor, Permission.WRITE)
    account_id, person = request.GET.get("account", ""), _key(request.GET.get("person", ""))
    account, found = _there(actor, account_id, person) if account_id else (None, None)
    initial = {name: request.GET[name] for name in RequestForm.base_fields if name in request.GET}
    form = RequestForm(request.POST or None, kinds=kinds_asked_for(), initial=initial)
    against: tuple[str, ...] = ()
    if form.is_valid():
        try:
            made = ask(
                actor=actor, wanted=form.wants(request.GET.get("condition", "")), account_id=account_id or None,
                person=person, override=request.POST.get("override", ""),
            )  # fmt: skip
            messages.success(request, "Asked." if account else "The request is open. Find somebody for it.")
            return redirect("advocacy_request", made.pk)
        except LimitReached as refused:
            against = refused.reasons
        except FieldRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    context = {
        "form": form, "account": account, "name": name_of(found) or (account.name if account else ""),
        "against": against, "override": request.POST.get("override", ""),
    }  # fmt: skip
    return render(request, "advocacy/ask.html", context, status=422 if form.is_bound else 200)


@require_POST
def chosen(request: HttpRequest, request_id: int) -> HttpResponse:
    """Whom to ask for a request that is there."""
    actor, said = actor_of(request), request.POST
    found = request_for(actor, request_id)
    try:
        choose(
            actor=actor, request_id=request_id, account_id=said.get("account", ""),
            person=_key(said.get("person", "")), override=said.get("override", ""),
        )  # fmt: skip
        messages.success(request, "Asked.")
    except LimitReached as refused:
        account, person = _there(actor, said.get("account", ""), _key(said.get("person", "")))
        context = {
            "one": found, "kind": title(found.kind), "account": account, "person": said.get("person", ""),
            "name": name_of(person) or account.name, "against": refused.reasons, "override": said.get("override", ""),
        }  # fmt: skip
        return render(request, "advocacy/beyond.html", context, status=422)
    except InputError as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect("advocacy_request", request_id)


@require_POST
def step(request: HttpRequest, request_id: int) -> HttpResponse:
    """Agreed, scheduled, declined, withdrawn."""
    actor = actor_of(request)
    found = request_for(actor, request_id)
    form = StepForm(request.POST)
    moved = accepted(form, lambda: move(actor=actor, request_id=request_id, **form.cleaned_data))
    if moved is None:
        return _page(request, actor, found, form)
    messages.success(request, f"The request is {moved.get_status_display().lower()}.")
    return redirect("advocacy_request", request_id)


@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest, request_id: int) -> HttpResponse:
    """It becomes an activity."""
    actor = actor_of(request)
    found = request_for(actor, request_id)
    require(actor, Permission.WRITE)
    kind = every_kind().get(found.kind) or Kind(found.kind, title_of(found.kind), AdvocacyActivity(points=0))
    words = f"{kind.title}{f' for {found.deal}' if found.deal else ''}"
    day = min(found.scheduled_for or today(), today())
    initial = {"happened_on": day, "title": words, "deal": found.deal, "amount": found.amount}
    form = ActivityForm(request.POST or None, kind=kind, initial=initial)
    made = accepted(form, lambda: finish(actor=actor, request_id=request_id, said=form.said()))
    if made is not None:
        messages.success(request, "Done. The request became an activity, and measures count it.")
        return redirect("advocacy_activity", made.pk)
    context = {"account": found.account, "form": form, "heading": f"Done: {words}", "request_of": found}
    return render(request, "advocacy/form.html", context, status=422 if form.is_bound else 200)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Who can do it: words become a condition, which may be changed; those who fit, best first."""
    actor, said = actor_of(request), request.GET
    offered = kinds_asked_for()
    wanted = _request(actor, said.get("request", ""))
    heard = understood(actor, said.get("q", "")) if said.get("q", "").strip() else None
    condition = said.get("where", "").strip()
    if heard is not None and (said.get("understand") or not condition):
        condition = " and ".join(part for part in (heard.condition, USUAL) if part)
    asked = said.get("kind") or (wanted.kind if wanted else "") or (heard.kind if heard else "")
    kind = next((one for one in offered if one.name == asked), offered[0] if offered else None)
    if heard is None and "where" not in said:
        condition = (wanted.condition if wanted else "") or USUAL
    everyone = said.get("everyone") == "yes"
    found = find(actor=actor, kind=kind.name, condition=condition, everyone=everyone,
                 day=heard.day if heard else None) if kind else None  # fmt: skip
    context = {
        "tab": "find", "kinds": offered, "kind": kind, "q": said.get("q", ""), "heard": heard, "where": condition,
        "everyone": everyone, "found": found, "wanted": wanted, "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "advocacy/find.html", context, status=422 if found and found.refused else 200)


def _request(actor: Actor, text: str) -> Request | None:
    """A request that somebody is looked for."""
    return request_for(actor, int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _there(actor: Actor, account_id: str, person: uuid.UUID | None) -> tuple[Account, Person | None]:
    """Raises NotVisible for somebody who is not at the account."""
    try:
        return whom(actor, account_id, person)
    except FieldRefused:
        raise NotVisible from None


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise NotVisible from None
