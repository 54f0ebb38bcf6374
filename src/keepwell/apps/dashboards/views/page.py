"""One dashboard: its filters at once, each widget as it is answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import Actor, actor_of
from keepwell.apps.dashboards.addresses import as_query, asked_in
from keepwell.apps.dashboards.answering.answers import moment_of
from keepwell.apps.dashboards.answering.asked import AskedInPage, engine_asks
from keepwell.apps.dashboards.catalogue import Shown, dashboard_for, dashboards_for
from keepwell.apps.dashboards.choices import choices_of
from keepwell.apps.dashboards.showing import chips, completed_names, layout, periods, stands, taken
from keepwell.errors import FieldRefused, InputError


@require_GET
def dashboard(request: HttpRequest, key: str) -> HttpResponse:
    """What the address asks for and cannot be understood is told beside its field; the page stands as it was."""
    actor = actor_of(request)
    shown = dashboard_for(actor, key)
    asked, refused = understood(request, shown)
    context = {**around(actor, shown, asked), "refused": refused, "typed": request.GET.getlist("where")}
    return render(request, "dashboards/dashboard.html", context, status=422 if refused else 200)


def understood(request: HttpRequest, shown: Shown) -> tuple[AskedInPage, FieldRefused | None]:
    """What is asked, or what the dashboard shows by itself and why."""
    try:
        asked = asked_in(request.GET)
        moment = moment_of(shown)
        if moment is not None:
            engine_asks(shown, asked, moment.day, moment.now)
    except FieldRefused as error:
        return AskedInPage(), error
    return asked, None


def around(actor: Actor, shown: Shown, asked: AskedInPage) -> dict[str, Any]:
    return {
        "shown": shown, "stands": stands(shown), "chips": chips(shown, asked), "taken": list(taken(shown, asked)),
        "periods": periods(shown, asked), "asked": asked, "query": as_query(asked), "names": completed_names(shown),
        "moment": moment_of(shown), "others": [one for one in dashboards_for(actor) if one.key != shown.key],
    }  # fmt: skip


@require_GET
def style(request: HttpRequest, key: str) -> HttpResponse:
    """Where its widgets stand."""
    answer = HttpResponse(layout(dashboard_for(actor_of(request), key)), content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"
    return answer


@require_GET
def choices(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """The values of one filter, as boxes of the form."""
    actor = actor_of(request)
    shown = dashboard_for(actor, key)
    chip = next((one for one in chips(shown, asked_in(request.GET)) if one.name == name), None)
    try:
        found, problem = choices_of(actor, shown, name, asked_in(request.GET)), ""
    except InputError as error:
        found, problem = [], str(error)
    context = {"choices": found, "chip": chip, "problem": problem}
    return render(request, "dashboards/_choices.html", context, status=404 if chip is None else 200)
