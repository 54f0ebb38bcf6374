"""Writes of the page on which a dashboard is arranged: a widget moves, changes its size, or goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import with_value, without
from keepwell.apps.dashboards.arranging.grid import STEPS, Places, Step, laid_out, moved, resized, stepped
from keepwell.apps.dashboards.boards.desks import Desk, change_desk
from keepwell.apps.dashboards.building.fields import WIDGETS, widgets_of
from keepwell.apps.dashboards.building.parts import ENTRIES
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.one_dashboard import parse_dashboard
from keepwell.definitions.widget_parts import Place
from keepwell.errors import RequestRefused

_ALLOWED = f"{', '.join(STEPS)}, place, size or remove"


@dataclass(frozen=True)
class Done:
    """`words`: what has happened, for those who do not see it."""

    desk: Desk
    words: str


def arrange(*, actor: Actor, desk: Desk, do: str) -> Done:
    """`do`: a step and a widget (`left:bands`), `place:bands:4:0` (column and row from 0), `size:bands:6:4`, or
    `remove:bands`. It is done to the dashboard as it stands now, so that two people can arrange it at once."""
    what, _, rest = do.partition(":")
    name, *numbers = rest.split(":")
    if what == "remove":
        return Done(change_desk(actor=actor, desk=desk, change=lambda now: _removed(desk.name, now, name)),
                    f"{name} is gone")  # fmt: skip
    work = _work(what, name, numbers)
    changed = change_desk(actor=actor, desk=desk, change=lambda now: _arranged(desk.name, now, name, work))
    return Done(changed, _said(name, places_of(changed)[name]))


def places_of(desk: Desk) -> Places:
    """Where its widgets stand. Raises RequestRefused where the dashboard cannot be read."""
    return laid_out(_read(desk.name, desk.files).widgets)


def _work(what: str, name: str, numbers: list[str]) -> Callable[[Places], Places]:
    if what in STEPS and not numbers:
        return lambda places: stepped(places, name, cast(Step, what))
    if what not in ("place", "size") or len(numbers) != 2 or not all(_is_number(one) for one in numbers):
        raise RequestRefused(f"'{what}' is no way to arrange a widget: use {_ALLOWED}")
    first, second = map(int, numbers)
    return lambda places: (moved if what == "place" else resized)(places, name, first, second)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) < 6


def _arranged(dashboard: str, files: Files, name: str, work: Callable[[Places], Places]) -> Files:
    places = laid_out(_read(dashboard, files, name).widgets)
    after = work(places)
    written = {one: place for one, place in after.items() if place != _written(dashboard, files, one)}
    for one, place in written.items():
        files = _with_place(dashboard, files, one, place)
    return files


def _with_place(dashboard: str, files: Files, name: str, place: Place) -> Files:
    at = (ENTRIES.kind, dashboard, *WIDGETS, name, "place")
    says = {"x": place.x, "y": place.y, "w": place.w, "h": place.h}
    return ENTRIES.changed(files, dashboard, lambda text: with_value(text, at, says))


def _written(dashboard: str, files: Files, name: str) -> Place | None:
    found = _read(dashboard, files).widgets[name].place
    return None if found is None else Place.model_construct(x=found.x, y=found.y, w=found.w, h=found.h)


def _removed(dashboard: str, files: Files, name: str) -> Files:
    held: Mapping[str, object] = widgets_of(ENTRIES.entry_in(files, dashboard) or {})
    if name not in held:
        return files
    if len(held) == 1:
        raise RequestRefused("a dashboard shows something; add another widget before this one goes")
    return ENTRIES.changed(files, dashboard, lambda text: without(text, (ENTRIES.kind, dashboard, *WIDGETS, name)))


def _read(dashboard: str, files: Files, widget: str = "") -> Dashboard:
    found, issues = parse_dashboard(dashboard, ENTRIES.entry_in(files, dashboard) or {})
    if found is None:
        raise RequestRefused(f"the dashboard has something to mend before it is arranged: {issues[0].message}")
    if widget and widget not in found.widgets:
        raise RequestRefused(f"the widget '{widget}' was removed meanwhile; load the page again")
    return found


def _said(name: str, place: Place) -> str:
    columns = f"columns {place.x + 1} to {place.x + place.w}" if place.w > 1 else f"column {place.x + 1}"
    rows = f"rows {place.y + 1} to {place.y + place.h}" if place.h > 1 else f"row {place.y + 1}"
    return f"{name.replace('_', ' ')}: {columns}, {rows}"
