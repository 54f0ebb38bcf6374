"""Pages of the lifecycle: the stages, the accounts of one, and one account with its milestones and how it is moved."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.operations import move_by_hand
from keepwell.apps.customers.queries import stages_of
from keepwell.apps.rules.lifecycle.overview import ONLY, accounts_in, overview, stage_now, stages_in_force, stay_of
from keepwell.apps.rules.lifecycle.staying import day_now, stays_of, title_of_stage
from keepwell.errors import FieldRefused

PAGE = 50


@require_GET
def lifecycle(request: HttpRequest) -> HttpResponse:
    """How many accounts are in each stage, with what revenue, for how long, and what is late."""
    actor = actor_of(request)
    stages = overview(actor)
    context = {
        "stages": stages,
        "as_of": day_now(),
        "accounts": sum(one.accounts for one in stages if one.name),
        "over": sum(one.over for one in stages),
        "overdue": sum(one.overdue for one in stages),
        "may_configure": actor.may(Permission.CONFIGURE),
    }
    return render(request, "rules/lifecycle/stages.html", context)


@require_GET
def stage(request: HttpRequest, stage: str) -> HttpResponse:
    """The accounts of one stage, those that came first before the others."""
    actor = actor_of(request)
    found = stage_now(actor, stage)
    asked, begin = request.GET.get("only", ""), request.GET.get("from", "")
    only, start = asked if asked in ONLY else "", int(begin[:9]) if begin.isdecimal() else 0
    accounts = accounts_in(actor, stage, only).order_by(F("since").asc(nulls_last=True), "pk")
    ids = list(accounts.values_list("pk", flat=True)[start : start + PAGE + 1])
    found_there = accounts_in(actor, stage).in_bulk(ids)
    some = [found_there[pk] for pk in ids if pk in found_there]
    context = {
        "stage": found,
        "stays": stays_of(some[:PAGE], stages_in_force(), day_now()),
        "next": start + PAGE if len(some) > PAGE else None,
        "only": only,
        "choices": ONLY,
        "as_of": day_now(),
    }
    return render(request, "rules/lifecycle/stage.html", context)


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, account_id: str) -> HttpResponse:
    """Where one account is and was. POST: it moves, with the reason."""
    actor, refused = actor_of(request), None
    stay = stay_of(actor, account_id)
    if request.method == "POST":
        try:
            _move(request, account_id)
            return redirect("account_lifecycle", account_id)
        except FieldRefused as found:
            refused = found
    context = {
        "account": stay.account,
        "stay": stay,
        "history": stages_of(stay.account)[:50],
        "stages": [(name, title_of_stage(name, one)) for name, one in stages_in_force().items()],
        "may_write": actor.may(Permission.WRITE),
        "refused": refused,
        "typed": request.POST,
    }
    return render(request, "rules/lifecycle/account.html", context, status=422 if refused else 200)


def _move(request: HttpRequest, account_id: str) -> None:
    stage, reason = request.POST.get("stage", ""), request.POST.get("reason", "")
    moved = move_by_hand(actor=actor_of(request), account_id=account_id, stage=stage, reason=reason)
    title = title_of_stage(moved.stage, stages_in_force().get(moved.stage))
    messages.success(request, f"{moved.name} is in the stage {title}")
