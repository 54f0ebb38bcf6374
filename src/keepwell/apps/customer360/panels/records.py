"""What sources say of the account, row by row: tickets by themselves, everything else by dataset."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.customer360.feelings import felt
from keepwell.apps.customer360.panels.counted import counted
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customer360.records import records_of
from keepwell.apps.customers.models import Account

SHOWN = 10


def tickets(request: HttpRequest, account: Account) -> HttpResponse:
    return counted(request, "tickets", account, lambda: _shown(request, account, "tickets", is_tickets=True))


def records(request: HttpRequest, account: Account) -> HttpResponse:
    return counted(request, "records", account, lambda: _shown(request, account, "records", is_tickets=False))


def _shown(request: HttpRequest, account: Account, what: str, *, is_tickets: bool) -> HttpResponse:
    found = records_of(account, tickets=is_tickets, limit=SHOWN)
    context = {"account": account, "found": [felt(one) for one in found], "what": what}
    return render(request, "customer360/panels/records.html", context)


TICKETS = Panel("tickets", "Tickets", tickets, size="small")
RECORDS = Panel("records", "Records", records, size="small")
