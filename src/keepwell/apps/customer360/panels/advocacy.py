"""What the customer did for us, who of them speaks for us, and what they were asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.kinds import titles
from keepwell.apps.advocacy.overview import ranked
from keepwell.apps.advocacy.queries import activities_seen, advocates_seen, done_of, waiting_requests
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.engine.advocacy.standing import standing

SHOWN = 5


def view(request: HttpRequest, account: Account) -> HttpResponse:
    actor = actor_of(request)
    activities = activities_seen(actor).filter(account=account).order_by("-happened_on", "-pk")
    context = {
        "account": account, "standing": standing(done_of(activities), today()), "activities": activities[:SHOWN],
        "advocates": ranked(list(advocates_seen(actor).filter(account=account)[:SHOWN])),
        "waiting": waiting_requests(actor).filter(account=account).order_by("needed_by", "pk")[:SHOWN],
        "titles": titles(), "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
    return render(request, "customer360/panels/advocacy.html", context)


PANEL = Panel("advocacy", "Advocacy", view, size="small")
