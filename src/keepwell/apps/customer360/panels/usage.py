"""Who of the customer comes, and how often."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.adoption.asking import NothingSaysWho, scope_of
from keepwell.apps.adoption.drawing import active_option, share
from keepwell.apps.adoption.reading import active_of, use_of
from keepwell.apps.customer360.panels.counted import counted
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account

SHOWN = 90


def view(request: HttpRequest, account: Account) -> HttpResponse:
    return counted(request, "usage", account, lambda: _shown(request, account))


def _shown(request: HttpRequest, account: Account) -> HttpResponse:
    try:
        scope = scope_of(actor_of(request), account=account.pk)
    except NothingSaysWho:
        return render(request, "customer360/panels/usage.html", {"account": account, "scope": None})
    if not scope.accounts:
        return render(request, "customer360/panels/usage.html", {"account": account, "scope": scope, "use": None})
    found, (use,) = active_of(scope), use_of(scope)
    counts = (found.counts[window].tolist() for window in (1, 7, 28))
    rows = list(zip(found.dates, *counts, strict=True))[-SHOWN:]
    context = {
        "account": account,
        "scope": scope,
        "use": use,
        "stickiness": share(use["stickiness"]),
        "utilisation": share(use["utilisation"]),
        "rows": rows[::-1],
        "csv": f"/usage/?{urlencode({'account': account.pk, 'format': 'csv'})}&table=",
        "option": active_option(found, SHOWN) if any(row[3] for row in rows) else None,
    }
    return render(request, "customer360/panels/usage.html", context)


PANEL = Panel("usage", "Usage", view)
