"""What people decided about the score: scores entered, overrides by hand, and the card that is pinned."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import units_of
from keepwell.apps.health.entering import entered_measures
from keepwell.apps.health.manual import standings
from keepwell.apps.health.overriding import overrides_of, pins_of

SHOWN = 50


def view(request: HttpRequest, account: Account) -> HttpResponse:
    context = {
        "account": account,
        "standings": standings(account),
        "overrides": overrides_of(account.pk),
        "pins": pins_of(account.pk),
        "units": units_of(account)[:SHOWN] if entered_measures(kind="relationship") else (),
        "may_write": actor_of(request).may(Permission.WRITE),
    }
    return render(request, "customer360/panels/entered.html", context)


PANEL = Panel("entered", "Scores by hand", view, size="small")
