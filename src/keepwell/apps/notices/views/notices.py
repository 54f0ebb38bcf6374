"""What a person was told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.notices import operations
from keepwell.apps.notices.kinds import KINDS, kinds_for
from keepwell.apps.notices.queries import notices_of, readable
from keepwell.apps.notices.wording import score_words

PAGE = 50


def notices(request: HttpRequest) -> HttpResponse:
    """Newest first; `before` is the last one of the page above."""
    actor = actor_of(request)
    sought = _sought(request)
    rows = notices_of(actor.user, **sought)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    context = {
        "rows": [(one, score_words(one.facts)) for one in readable(actor.user, found[:PAGE])],
        "last": found[PAGE - 1].pk if len(found) > PAGE else None,
        "kinds": kinds_for(administers=actor.may(Permission.ADMINISTER)),
        "sought": sought, "filtered": any(sought.values()),
    }  # fmt: skip
    return render(request, "notices/list.html", context)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    operations.mark_read(user=actor_of(request).user)
    return redirect("notices")


@require_POST
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Back to where one was among them; with `follow`, on to what it tells of."""
    link = operations.mark_read(user=actor_of(request).user, notice_id=notice_id)
    if "follow" in request.POST and link:
        return redirect(link)
    back = request.POST.get("back", "")
    return redirect(back if back.startswith(reverse("notices")) and _is_ours(back) else "notices")


def _sought(request: HttpRequest) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    return {"kind": kind if kind in KINDS else "", "unread": request.GET.get("unread") == "1"}


def _is_ours(path: str) -> bool:
    return url_has_allowed_host_and_scheme(path, allowed_hosts=None)
