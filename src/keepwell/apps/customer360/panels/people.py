"""Who is there at the customer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account, Person

SHOWN = 50


def view(request: HttpRequest, account: Account) -> HttpResponse:
    people = Person.objects.filter(account=account, merged_into=None).select_related("personal")
    found = people.order_by("left_on", "-is_sponsor", "personal__name", "key")[: SHOWN + 1]
    context = {"account": account, "people": found[:SHOWN], "more": len(found) > SHOWN}
    return render(request, "customer360/panels/people.html", context)


PANEL = Panel("people", "People", view, size="small")
