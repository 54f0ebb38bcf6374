"""The account among its parent, its children and its units, each with its score."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import units_of, visible
from keepwell.apps.health.entering import entered_measures

SHOWN = 50


def view(request: HttpRequest, account: Account) -> HttpResponse:
    seen = visible(actor_of(request)).select_related("health")
    children = seen.filter(parent=account, in_population=True).order_by("name", "pk")
    context = {
        "account": account,
        "parent": seen.filter(pk=account.parent_id).first() if account.parent_id else None,
        "children": children[:SHOWN],
        "units": units_of(account)[:SHOWN],
        "entered": bool(entered_measures(kind="relationship")),
    }
    return render(request, "customer360/panels/hierarchy.html", context)


PANEL = Panel("hierarchy", "Hierarchy and units", view, size="small")
