"""Advocacy against health, retention and expansion."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.advocacy.trend import HORIZONS, WINDOW
from keepwell.apps.advocacy.trend import trend as found_trend

_USUAL = 180


@require_GET
def trend(request: HttpRequest) -> HttpResponse:
    """As it looks, and among accounts that were alike before."""
    asked = request.GET.get("after", "")
    horizon = int(asked) if asked in {str(one) for one in HORIZONS} else _USUAL
    context = {
        "tab": "trend", "trend": found_trend(actor_of(request), horizon), "horizon": horizon,
        "horizons": HORIZONS.items(), "window": WINDOW,
    }  # fmt: skip
    return render(request, "advocacy/trend.html", context)
