"""Closing the loop: who gave a low answer, and what is done about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customer360.follow_up import DAYS, STATES, loop_of
from keepwell.apps.surveys.results.reading import subject_of
from keepwell.apps.surveys.results.surveys import beside


@require_GET
def follow_up(request: HttpRequest, survey: str) -> HttpResponse:
    """Those without a call first."""
    actor, subject = actor_of(request), subject_of(survey)
    typed = {name: request.GET.get(name, "").strip()[:20] for name in ("days", "state")}
    days = int(typed["days"]) if typed["days"] in map(str, DAYS) else DAYS[0]
    wrong = {
        name: f"'{typed[name]}' is none of {', '.join(allowed)}"
        for name, allowed in (("days", [*map(str, DAYS)]), ("state", [*STATES[1:]]))
        if typed[name] and typed[name] not in allowed
    }
    state = typed["state"] if typed["state"] in STATES else ""
    context = {
        **beside(actor, subject, "follow-up"), "wrong": wrong,
        "loop": loop_of(actor, survey, days, state), "days": days, "all_days": DAYS, "state": state,
        "states": [("", "all"), ("without", "without a call"), ("open", "with an open call"), ("closed", "closed")],
        "nps": bool(subject.headline and subject.headline.kind == "nps"),
    }  # fmt: skip
    return render(request, "customer360/follow_up.html", context, status=422 if wrong else 200)
