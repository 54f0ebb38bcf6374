"""What the customer's people say when they are asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.results.of_account import voice_of


def view(request: HttpRequest, account: Account) -> HttpResponse:
    return render(request, "customer360/panels/surveys.html", {"account": account, "voice": voice_of(account)})


PANEL = Panel("surveys", "Surveys", view)
