"""The page that the customer has of their own: to whom it was sent, and when it was looked at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customer_pages.queries import links_of, state_of
from keepwell.apps.customers.models import Account

SHOWN = 5


def view(request: HttpRequest, account: Account) -> HttpResponse:
    now, links = timezone.now(), links_of(account)[:SHOWN]
    shown = [(one, state_of(one, now), one.views.order_by("-at").first()) for one in links]
    context = {"account": account, "links": shown, "may_write": actor_of(request).may(Permission.WRITE)}
    return render(request, "customer360/panels/customer_page.html", context)


PANEL = Panel("customer_page", "Page for the customer", view, size="small")
