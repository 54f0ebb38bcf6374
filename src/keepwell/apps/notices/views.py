"""What a person was told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.notices import operations
from keepwell.apps.notices.queries import notices_of

PAGE = 50


def notices(request: HttpRequest) -> HttpResponse:
    """Newest first; `before` is the last one of the page above."""
    rows = notices_of(actor_of(request).user)
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1].pk if len(found) > PAGE else None
    return render(request, "notices/list.html", {"rows": found[:PAGE], "last": last})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    operations.mark_read(user=actor_of(request).user)
    return redirect("notices")


@require_POST
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    operations.mark_read(user=actor_of(request).user, notice_id=notice_id)
    return redirect("notices")
