"""Accounts by a part of their name, for the command palette."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, JsonResponse

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customers.queries import visible

SHOWN = 8


def find(request: HttpRequest) -> JsonResponse:
    """{found: [{title, path, note}]}; nothing for fewer than two letters."""
    words = request.GET.get("q", "").strip()
    if len(words) < 2:
        return JsonResponse({"found": []})
    rows = visible(actor_of(request)).filter(in_population=True, name__icontains=words).select_related("health")
    found = [
        {
            "title": one.name,
            "path": f"/customers/{quote(one.pk, safe='')}/",
            "note": one.health.label if hasattr(one, "health") else "",
        }
        for one in rows.order_by("name", "pk")[:SHOWN]
    ]
    return JsonResponse({"found": found})
