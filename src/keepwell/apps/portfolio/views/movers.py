"""The page of movers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.portfolio.moving import movers_of


@require_GET
def movers(request: HttpRequest) -> HttpResponse:
    return render(request, "portfolio/movers.html", {"movers": movers_of(actor_of(request))})
