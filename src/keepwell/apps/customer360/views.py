"""One customer on one page: the answer first, then panels that load on their own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customers.queries import account_for, visible
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.engine.explain.explaining import explain


def home(request: HttpRequest) -> HttpResponse:
    """My day."""
    mine = visible(actor_of(request)).filter(in_population=True, health__tone="bad").select_related("health")
    return render(request, "customer360/home.html", {"rows": mine.order_by("-arr")[:10]})


def account(request: HttpRequest, account_id: str) -> HttpResponse:
    """The page of one account."""
    found = account_for(actor_of(request), account_id)
    run = latest_run()
    explanation = None
    if run is not None and found.in_population:
        state = state_of(run)
        explanation = explain(state.project, state.values, state.scores, found.pk)
    return render(request, "customer360/account.html", {"account": found, "why": explanation, "run": run})
