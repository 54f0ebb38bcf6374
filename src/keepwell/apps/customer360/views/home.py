"""My day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customer360.day import day_of


def home(request: HttpRequest) -> HttpResponse:
    """Who needs attention and why, who moved, who renews soon, and what there is to know."""
    return render(request, "customer360/home.html", {"day": day_of(actor_of(request))})
