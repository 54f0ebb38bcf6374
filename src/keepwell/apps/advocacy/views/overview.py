"""The first page of advocacy, its pipeline, and what is counted of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.drawing import pipeline_option
from keepwell.apps.advocacy.forms import DealForm
from keepwell.apps.advocacy.kinds import titles
from keepwell.apps.advocacy.operations.activities import decide_deal
from keepwell.apps.advocacy.operations.measures import add_measures, is_counted
from keepwell.apps.advocacy.overview import figures, influenced_deals, quarters, ranked
from keepwell.apps.advocacy.queries import activities_seen, advocates_seen, waiting_requests
from keepwell.apps.advocacy.words import AdvocateStatus, Result
from keepwell.errors import InputError

SHOWN = 8


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What customers did for us, what came of it, and what waits."""
    actor = actor_of(request)
    advocates = list(advocates_seen(actor).filter(status=AdvocateStatus.ACTIVE)[:1000])
    waiting = waiting_requests(actor).order_by("needed_by", "made_at")
    by_quarter = quarters(actor)
    context = {
        "tab": "overview", "figures": figures(actor), "quarters": by_quarter, "option": pipeline_option(by_quarter),
        "activities": activities_seen(actor).order_by("-happened_on", "-pk")[:SHOWN],
        "top": ranked(advocates)[:SHOWN], "waiting": waiting[:SHOWN], "today": today(),
        "may_write": actor.may(Permission.WRITE), "is_counted": is_counted(),
        "may_configure": actor.may(Permission.CONFIGURE), "titles": titles(),
    }  # fmt: skip
    return render(request, "advocacy/overview.html", context)


@require_GET
def pipeline(request: HttpRequest) -> HttpResponse:
    """Deals that were influenced, each once."""
    actor = actor_of(request)
    by_quarter = quarters(actor)
    context = {
        "tab": "pipeline", "quarters": by_quarter, "option": pipeline_option(by_quarter), "today": today(),
        "deals": influenced_deals(actor)[:200], "results": Result.choices, "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "advocacy/pipeline.html", context)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """What became of a deal."""
    form = DealForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed: " + "; ".join(f"{k}: {v[0]}" for k, v in form.errors.items()))
        return redirect("advocacy_pipeline")
    try:
        count = decide_deal(actor=actor_of(request), **form.cleaned_data)
        said = "one activity says" if count == 1 else f"{count} activities say"
        messages.success(request, f"The deal is {form.cleaned_data['result']}; {said} so.")
    except InputError as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect("advocacy_pipeline")


@require_POST
def measures(request: HttpRequest) -> HttpResponse:
    """Puts datasets and metrics into the definitions."""
    try:
        add_measures(actor=actor_of(request))
        messages.success(
            request, "Published. Measures of advocacy can stand on a scorecard now; the next run has them."
        )
    except InputError as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect("advocacy")
