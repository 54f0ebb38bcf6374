"""Advocates: all of them, one, and what is changed there; candidates."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.finding.candidates import candidates as found_candidates
from keepwell.apps.advocacy.forms import AdvocateForm
from keepwell.apps.advocacy.kinds import kinds, kinds_asked_for, titles
from keepwell.apps.advocacy.operations.advocates import change_advocate, end_advocate, make_advocate, set_status
from keepwell.apps.advocacy.operations.requests import standing_against
from keepwell.apps.advocacy.overview import ranked
from keepwell.apps.advocacy.queries import (
    activities_seen,
    advocate_for,
    advocates_seen,
    people_to_choose,
    requests_seen,
    whose,
)
from keepwell.apps.advocacy.words import AdvocateStatus
from keepwell.apps.customers.queries import account_for, visible
from keepwell.apps.ui.accepting import accepted
from keepwell.errors import InputError

PAGE, _FOUND, _MOST = 50, 20, 5000
_STANDS = ("status", "resting_until", "since", "willing", "topics", "languages", "tags", "at_most", "note")


@require_GET
def advocates(request: HttpRequest) -> HttpResponse:
    """Those that are active, the ones with the most points first, unless asked otherwise."""
    actor, status, q = actor_of(request), request.GET.get("status", "active"), request.GET.get("q", "").strip()
    found = advocates_seen(actor)
    if status in AdvocateStatus.values:
        found = found.filter(status=status)
    if q:
        found = found.filter(account__name__icontains=q) | found.filter(person__personal__name__icontains=q)
    page = Paginator(ranked(list(found[:_MOST])), PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": "advocates", "page": page, "status": status, "q": q, "statuses": AdvocateStatus.choices,
        "address": f"?status={status}&q={q}", "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "advocacy/advocates.html", context)


@require_GET
def advocate(request: HttpRequest, advocate_id: int) -> HttpResponse:
    """Where somebody stands, what they did, and what stands against asking them."""
    actor = actor_of(request)
    one = advocate_for(actor, advocate_id)
    (standing,) = ranked([one])
    asked = [(kind, standing_against(kind, one.account, one.person, today())) for kind in kinds_asked_for()]
    mine = {"account": one.account, "person": one.person}
    context = {
        "one": one, "name": whose(one), "standing": standing.standing, "asked": asked, "today": today(),
        "activities": activities_seen(actor).filter(**mine).order_by("-happened_on", "-pk")[:100],
        "requests": requests_seen(actor).filter(**mine).order_by("-made_at")[:50], "statuses": AdvocateStatus.choices,
        "may_write": actor.may(Permission.WRITE), "titles": titles(),
    }  # fmt: skip
    return render(request, "advocacy/advocate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, account_id: str) -> HttpResponse:
    """Somebody of a customer, or the customer as a whole."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    initial = {"person": request.GET.get("person", ""), "since": today()}
    form = AdvocateForm(request.POST or None, initial=initial, kinds=kinds(), people=people_to_choose(account))
    made = accepted(
        form,
        lambda: make_advocate(
            actor=actor, account_id=account_id, person=form.cleaned_data["person"], profile=form.profile()
        ),
    )
    if made is not None:
        return redirect("advocate", made.pk)
    return _form(request, form, {"account": account, "heading": "New advocate"})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, advocate_id: int) -> HttpResponse:
    actor = actor_of(request)
    one = advocate_for(actor, advocate_id)
    require(actor, Permission.WRITE)
    form = AdvocateForm(request.POST or None, initial={name: getattr(one, name) for name in _STANDS}, kinds=kinds())
    changed = accepted(form, lambda: change_advocate(actor=actor, advocate_id=one.pk, profile=form.profile()))
    if changed is not None:
        messages.success(request, "Saved.")
        return redirect("advocate", one.pk)
    return _form(request, form, {"account": one.account, "one": one, "heading": f"Edit: {whose(one)}"})


@require_POST
def status(request: HttpRequest, advocate_id: int) -> HttpResponse:
    """Active, resting or declined."""
    try:
        set_status(actor=actor_of(request), advocate_id=advocate_id, status=request.POST.get("status", ""))
    except InputError as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect("advocate", advocate_id)


@require_POST
def remove(request: HttpRequest, advocate_id: int) -> HttpResponse:
    """No advocate any more; what they did stays."""
    end_advocate(actor=actor_of(request), advocate_id=advocate_id)
    messages.success(request, "They are no advocate any more. What they did stays, and they can be made one again.")
    return redirect("advocates")


@require_GET
def candidates(request: HttpRequest) -> HttpResponse:
    """Who might be next, by the rules in force."""
    actor = actor_of(request)
    context = {"tab": "candidates", "rules": found_candidates(actor), "may_write": actor.may(Permission.WRITE)}
    return render(request, "advocacy/candidates.html", context)


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Of which customer: a new advocate, or an activity."""
    actor, q = actor_of(request), request.GET.get("q", "").strip()
    require(actor, Permission.WRITE)
    seen = visible(actor).filter(in_population=True)
    found = seen.filter(name__icontains=q) if q else seen.filter(owner=actor.user)
    what = "advocate" if request.GET.get("for") == "advocate" else "activity"
    accounts = found.select_related("health").order_by("name", "pk")[:_FOUND]
    return render(request, "advocacy/choose.html", {"q": q, "accounts": accounts, "what": what})


def _form(request: HttpRequest, form: AdvocateForm, context: dict[str, object]) -> HttpResponse:
    return render(request, "advocacy/form.html", {"form": form, **context}, status=422 if form.is_bound else 200)
