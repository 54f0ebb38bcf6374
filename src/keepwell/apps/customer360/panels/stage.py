"""Where the customer is in its lifecycle, for how long, and what should be reached there by when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import stages_of
from keepwell.apps.rules.lifecycle.overview import stay_of

SHOWN = 5


def view(request: HttpRequest, account: Account) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "account": account, "stay": stay_of(actor, account.pk), "history": stages_of(account)[:SHOWN],
        "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "customer360/panels/stage.html", context)


PANEL = Panel("stage", "Stage and milestones", view, size="small")
