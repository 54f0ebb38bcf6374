"""The risk register, and how playbooks fare."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.progress import fared
from keepwell.apps.cockpit.risks import register_of


@require_GET
def risks(request: HttpRequest) -> HttpResponse:
    """Open risks with what is at stake, who watches, what is done, and when it is looked at next."""
    actor = actor_of(request)
    found = register_of(actor)
    context = {"register": found, "today": today_of(actor.user), "tab": "risks"}
    return render(request, "cockpit/risks.html", context)


@require_GET
def playbooks(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {"fared": fared(actor), "tab": "playbooks", "may_configure": actor.may(Permission.CONFIGURE)}
    return render(request, "cockpit/playbooks.html", context)
