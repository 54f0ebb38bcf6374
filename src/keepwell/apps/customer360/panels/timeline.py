"""What happened lately."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.timeline.judged import feelings_of
from keepwell.apps.timeline.queries import recent, unit_names

SHOWN = 12


def view(request: HttpRequest, account: Account) -> HttpResponse:
    entries = recent(actor_of(request), account.pk, SHOWN)
    context = {"account": account, "entries": entries, "units": unit_names(entries), "feelings": feelings_of(entries)}
    return render(request, "customer360/panels/timeline.html", context)


PANEL = Panel("timeline", "Timeline", view, size="small")
