"""What would turn it green: the cheapest changes that reach a band, each checked by scoring with them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.customer360.explained import current_state
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.health.tones import tone_of
from keepwell.definitions.schemes import Scheme
from keepwell.engine.explain.reaching import Reaching, reach
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import subject


def view(request: HttpRequest, account: Account) -> HttpResponse:
    state = current_state(account)
    if state is None:
        return render(request, "customer360/panels/unscored.html", {"account": account})
    scheme = scheme_of(state, account)
    labels = scheme.labels if scheme else ()
    asked = request.GET.get("band", "")
    label = asked if asked in labels else (labels[-1] if labels else "")
    found: Reaching | None = reach(state, account.pk, label) if label else None
    context = {
        "account": account,
        "labels": labels,
        "label": label,
        "unknown": asked if asked and asked not in labels else "",
        "found": found,
        "edges": tuple(band.up_to for band in scheme.bands[:-1]) if scheme else (),
        "tones": [(way, tone_of(way.label, scheme)) for way in found.ways] if found and scheme else [],
    }
    return render(request, "customer360/panels/reach.html", context)


def scheme_of(state: State, account: Account) -> Scheme | None:
    """The scheme of the account's card; None without a card."""
    place = subject(state, "account", account.pk).place
    return place.card.scheme if place else None


PANEL = Panel("reach", "What would turn it green", view)
