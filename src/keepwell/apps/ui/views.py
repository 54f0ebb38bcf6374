"""Answers where no page is, and where one leads on to another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keepwell.apps.access.actors import Forbidden, actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.ui.navigation import CONFIGURE


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere looks like a thing that somebody may not see."""
    return render(request, "ui/not_found.html", status=404)


def configure(request: HttpRequest) -> HttpResponse:
    """Configure opens with the first of its pages that the person may see."""
    actor = actor_of(request)
    for section in CONFIGURE:
        if actor.may(Permission(section.permission)):
            return redirect(section.path)
    raise Forbidden(f"{actor.name} may not configure Keepwell; ask an admin for another role")
