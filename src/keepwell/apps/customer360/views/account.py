"""One customer on one page: the answer first, then panels that load on their own, each at its own address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from keepwell.apps.access.actors import NotVisible, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.customer360.header import header_of
from keepwell.apps.customer360.layouts import layout_of
from keepwell.apps.customer360.panels import BY_NAME
from keepwell.apps.customers.queries import account_for


def account(request: HttpRequest, account_id: str) -> HttpResponse:
    """The page of one account."""
    actor = actor_of(request)
    found = account_for(actor, account_id)
    panels = [panel for panel in layout_of(actor.user, found) if actor.may(panel.permission)]
    context = {
        "account": found,
        "head": header_of(found),
        "panels": panels,
        "may_write": actor.may(Permission.WRITE),
    }
    return render(request, "customer360/account.html", context)


def panel(request: HttpRequest, account_id: str, name: str) -> HttpResponse:
    """One panel: its inside for the page that asks for it, a whole page for who opens its address."""
    actor = actor_of(request)
    found = account_for(actor, account_id)
    if name not in BY_NAME:
        raise NotVisible
    chosen = BY_NAME[name]
    require(actor, chosen.permission)
    inside = chosen.view(request, found)
    if request.headers.get("HX-Request") or not inside.headers["Content-Type"].startswith("text/html"):
        return inside
    if inside.status_code in (301, 302):
        return inside
    context = {
        "account": found,
        "head": header_of(found),
        "panel": chosen,
        "inside": mark_safe(inside.content.decode()),  # a page of ours, escaped where it was made
    }
    return render(request, "customer360/panel.html", context, status=inside.status_code)
