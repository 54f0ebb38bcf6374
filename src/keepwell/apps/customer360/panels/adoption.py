"""Which features the customer uses, beside how many of the others that one sees do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.adoption.asking import NothingSaysWho, scope_of
from keepwell.apps.adoption.drawing import share
from keepwell.apps.adoption.reading import matrix_of, reach_of
from keepwell.apps.adoption.titles import in_words, titles_of
from keepwell.apps.customer360.panels.counted import counted
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account

WINDOW = 28


def view(request: HttpRequest, account: Account) -> HttpResponse:
    return counted(request, "adoption", account, lambda: _shown(request, account))


def _shown(request: HttpRequest, account: Account) -> HttpResponse:
    actor = actor_of(request)
    try:
        scope = scope_of(actor, account=account.pk)
    except NothingSaysWho:
        return render(request, "customer360/panels/adoption.html", {"account": account, "scope": None})
    everybody = scope_of(actor)
    own = {row["feature"]: row for row in matrix_of(scope, WINDOW)} if scope.accounts else {}
    titles = titles_of(scope.project)
    reach = {row["feature"]: row["account_reach"] for row in reach_of(everybody, WINDOW)}
    names = [*reach, *(name for name in titles if name not in reach)]
    rows = [
        (titles.get(name) or in_words(name), own.get(name), share(reach.get(name, 0.0)))
        for name in sorted(names, key=lambda name: (name not in own, -reach.get(name, 0.0), name))
    ]
    context = {"account": account, "scope": scope, "rows": rows, "used": len(own), "all": len(names), "window": WINDOW}
    return render(request, "customer360/panels/adoption.html", context)


PANEL = Panel("adoption", "Adoption", view)
