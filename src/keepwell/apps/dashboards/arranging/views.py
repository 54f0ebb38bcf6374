"""The page on which a dashboard is arranged: every widget drawn, with a handle, buttons and keys to move it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.configuration.views.asking import say
from keepwell.apps.dashboards.arranging.grid import STEPS, Places
from keepwell.apps.dashboards.arranging.operations import arrange as arranged
from keepwell.apps.dashboards.arranging.operations import places_of
from keepwell.apps.dashboards.boards.desks import Desk, desk_for, undo_desk
from keepwell.definitions.widgets import WidgetBase
from keepwell.errors import InputError, RequestRefused

_WORDS = {
    "left": "Left", "right": "Right", "up": "Up", "down": "Down", "wider": "Wider", "narrower": "Narrower",
    "taller": "Taller", "shorter": "Shorter",
}  # fmt: skip


@require_GET
def arrange(request: HttpRequest, desk: str) -> HttpResponse:
    return _shown(request, desk_for(actor_of(request), desk))


@require_POST
def move(request: HttpRequest, desk: str) -> HttpResponse:
    """One step, told by `do`; `undo` takes back what came after a revision."""
    actor = actor_of(request)
    held, do = desk_for(actor, desk), request.POST.get("do", "")
    try:
        if do.startswith("undo:"):
            after, words = undo_desk(actor=actor, desk=held, revision=_revision(do)), "Taken back"
        else:
            done = arranged(actor=actor, desk=held, do=do)
            after, words = done.desk, done.words
    except InputError as refused:
        return _answered(request, held, refusal=str(refused))
    is_other = widgets_in(after).keys() != widgets_in(held).keys()
    return _answered(request, after, words=words, before=held.revision, whole=is_other)


def widgets_in(desk: Desk) -> dict[str, WidgetBase]:
    found = desk.read[0]
    return dict(found.widgets) if found else {}


def _revision(do: str) -> int:
    number = do.removeprefix("undo:")
    if not number.isdecimal() or len(number) > 9:
        raise RequestRefused("load the page again: what is to be taken back is not known")
    return int(number)


def _answered(request: HttpRequest, desk: Desk, *, whole: bool = False, **more: Any) -> HttpResponse:
    """Where all stand now; without scripts, or with other widgets than before, the page itself."""
    undo = more.get("before") if more.get("before") != desk.revision else None
    if not request.headers.get("HX-Request") or whole:
        if more.get("refusal"):
            say(request, RequestRefused(more["refusal"]))
        return _to(request, desk, undo)
    context = {**_placed(desk), "desk": desk, "undo": undo, **more}
    return render(request, "dashboards/arranging/_places.html", context, status=422 if more.get("refusal") else 200)


def _to(request: HttpRequest, desk: Desk, before: int | None) -> HttpResponse:
    there = redirect("arrange", desk.key)
    where = f"{there['Location']}?undo={before}" if before else there["Location"]
    if not request.headers.get("HX-Request"):
        return redirect(where)
    response = HttpResponse()
    response["HX-Redirect"] = where
    return response


def _shown(request: HttpRequest, desk: Desk) -> HttpResponse:
    undo = request.GET.get("undo", "")
    context = {
        "desk": desk, "issues": desk.read[1], "steps": [(one, _WORDS[one]) for one in STEPS],
        "undo": int(undo) if undo.isdecimal() and len(undo) < 9 and int(undo) < desk.revision else None,
        **_placed(desk),
    }  # fmt: skip
    return render(request, "dashboards/arranging/arrange.html", context)


def _placed(desk: Desk) -> dict[str, Any]:
    widgets = widgets_in(desk)
    places: Places = places_of(desk) if widgets else {}
    tiles = [
        {"name": name, "title": widgets[name].title or name.replace("_", " ").capitalize(), "place": place,
         "chart": widgets[name].chart}
        for name, place in sorted(places.items(), key=lambda one: (one[1].y, one[1].x))
    ]  # fmt: skip
    plain = {name: [one.x, one.y, one.w, one.h] for name, one in places.items()}
    return {"tiles": tiles, "places": json.dumps(plain)}
