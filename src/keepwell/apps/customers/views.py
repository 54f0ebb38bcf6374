"""Pages about many customers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customers.queries import visible


def customers(request: HttpRequest) -> HttpResponse:
    """The list, most revenue first."""
    words = request.GET.get("q", "").strip()
    rows = (
        visible(actor_of(request)).filter(in_population=True).select_related("health", "owner").order_by("-arr", "id")
    )
    if words:
        rows = rows.filter(name__icontains=words)
    return render(request, "customers/list.html", {"rows": rows[:51], "words": words})
