"""Who is there at the customer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.surveys.refusing import asking_of

SHOWN = 50


def view(request: HttpRequest, account: Account) -> HttpResponse:
    people = Person.objects.filter(account=account, merged_into=None).select_related("personal")
    found = people.order_by("left_on", "-is_sponsor", "personal__name", "key")[: SHOWN + 1]
    shown, actor = list(found[:SHOWN]), actor_of(request)
    asking = asking_of(actor, shown)
    people_shown = [(one, asking[one.pk]) for one in shown]
    context = {"account": account, "people": people_shown, "more": len(found) > SHOWN,
               "may_send": actor.may(Permission.SEND)}  # fmt: skip
    return render(request, "customer360/panels/people.html", context)


PANEL = Panel("people", "People", view, size="small")
