"""A small page on which people arrange the customer page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from keepwell.apps.access.actors import actor_of
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customer360.layouts import EVERYBODY, Arranged, panels_of
from keepwell.apps.customer360.operations import arrange, arrange_as_role
from keepwell.errors import RequestRefused


def layout(request: HttpRequest) -> HttpResponse:
    """GET shows the order, POST keeps it; each button is a change of its own."""
    given = request.POST if request.method == "POST" else request.GET
    segment, back = given.get("segment", EVERYBODY), _inside(given.get("back", ""))
    context: dict[str, Any] = {"segment": segment, "segments": _segments(), "back": back}
    if request.method == "POST":
        try:
            _change(request, segment)
            return redirect(f"/me/layout/?segment={segment}&back={back}")
        except RequestRefused as refused:
            context["error"] = str(refused)
    context["lines"] = _lines(request, segment)
    return render(request, "customer360/layout.html", context, status=422 if "error" in context else 200)


def _change(request: HttpRequest, segment: str) -> None:
    actor = actor_of(request)
    if "role" in request.POST:
        arrange_as_role(actor=actor, segment=segment)
        return
    lines = _lines(request, segment)
    order = [line.name for line in lines]
    hidden = {line.name for line in lines if line.hidden}
    if name := request.POST.get("toggle"):
        hidden ^= {name}
    for field, by in (("up", -1), ("down", 1)):
        if (name := request.POST.get(field)) in order:
            order = _moved(order, str(name), by)
    arrange(actor=actor, segment=segment, order=order, hidden=sorted(hidden))


def _moved(order: list[str], name: str, by: int) -> list[str]:
    place = order.index(name)
    to = min(max(place + by, 0), len(order) - 1)
    rest = [one for one in order if one != name]
    return [*rest[:to], name, *rest[to:]]


def _lines(request: HttpRequest, segment: str) -> list[Arranged]:
    """Every panel with whether it is hidden, in the order kept for the segment, else in that of the role."""
    return panels_of(actor_of(request).user, segment)[0]


def _segments() -> list[str]:
    project = current_project()
    return sorted(project.segments) if project else []


def _inside(back: str) -> str:
    """Where to go back to, if that is a page of ours."""
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"
