"""What was done to this account in Keepwell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.audit.queries import changes_of_account
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account

SHOWN = 25


def view(request: HttpRequest, account: Account) -> HttpResponse:
    changes = changes_of_account(account.pk)[:SHOWN]
    return render(request, "customer360/panels/audit.html", {"account": account, "changes": changes})


PANEL = Panel("audit", "Audit", view, size="small")
