"""What happened lately."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.timeline.models import TimelineEntry

SHOWN = 12


def view(request: HttpRequest, account: Account) -> HttpResponse:
    ours = Q(is_draft=False) | Q(author_user=actor_of(request).user)
    entries = (
        TimelineEntry.objects.filter(ours, account=account).select_related("type").order_by("-occurred_at")[:SHOWN]
    )
    return render(request, "customer360/panels/timeline.html", {"account": account, "entries": entries})


PANEL = Panel("timeline", "Timeline", view, size="small")
