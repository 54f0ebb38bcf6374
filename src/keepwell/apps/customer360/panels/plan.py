"""What the customer wants to reach with us, and how far that is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.progress import progress_of
from keepwell.apps.cockpit.queries import plans_seen
from keepwell.apps.cockpit.words import PlanStatus
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account


def view(request: HttpRequest, account: Account) -> HttpResponse:
    actor = actor_of(request)
    plans = plans_seen(actor).filter(account=account, status=PlanStatus.ACTIVE)
    context = {"account": account, "plans": progress_of(plans), "may_write": actor.may(Permission.WRITE)}
    return render(request, "customer360/panels/plan.html", context)


PANEL = Panel("plan", "Success plan", view, size="small")
