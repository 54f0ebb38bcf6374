"""Widgets on a grid of 12 columns: none over another, none with room above it. Pure: places in, places out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from keepwell.definitions.widget_parts import COLUMNS, Place
from keepwell.definitions.widgets import WidgetBase

Places = dict[str, Place]
Step = Literal["left", "right", "up", "down", "wider", "narrower", "taller", "shorter"]

HIGHEST = 50
"""So many rows high at most, as the language has it."""

_SMALL = Place(w=3, h=2)
_USUAL = Place(w=6, h=4)


def laid_out(widgets: Mapping[str, WidgetBase]) -> Places:
    """Where each stands: as its `place` says, else behind the one before, in the next row where it does not fit.

    What would stand over another stands below it; what has room above it stands there.
    """
    found: Places = {}
    before = Place(w=1, h=1)
    for name, widget in widgets.items():
        begins = not found
        before = widget.place or (_first(widget) if begins else _behind(before, _first(widget)))
        found[name] = before
    return compacted(found)


def _first(widget: WidgetBase) -> Place:
    return _SMALL if widget.chart == "number" else _USUAL


def _behind(before: Place, size: Place) -> Place:
    fits = before.x + before.w + size.w <= COLUMNS
    return _at(size, before.x + before.w, before.y) if fits else _at(size, 0, before.y + before.h)


def moved(places: Mapping[str, Place], name: str, x: int, y: int) -> Places:
    """One at another place. What it comes to stand on goes above it where it was passed and fits, else below it."""
    one = places[name]
    to = _at(one, min(max(x, 0), COLUMNS - one.w), max(y, 0))
    others = {key: place for key, place in places.items() if key != name}
    if to.y > one.y:
        others = _let_past(others, to)
    return _given_way(others, name, to)


def resized(places: Mapping[str, Place], name: str, w: int, h: int) -> Places:
    """One of another size, within the grid; what it grows over goes below it."""
    one = places[name]
    to = Place(x=one.x, y=one.y, w=min(max(w, 1), COLUMNS - one.x), h=min(max(h, 1), HIGHEST))
    return _given_way({key: place for key, place in places.items() if key != name}, name, to)


def stepped(places: Mapping[str, Place], name: str, step: Step) -> Places:
    """One step by key or button: a column aside, past the next one up or down, or a column or row larger or smaller.

    Where there is nowhere to go nothing changes.
    """
    one = places[name]
    if step in ("up", "down"):
        return _past_next(places, name, 1 if step == "down" else -1)
    return _STEPS[step](places, name, one)


_STEPS: Mapping[str, Callable[[Mapping[str, Place], str, Place], Places]] = {
    "left": lambda places, name, one: moved(places, name, one.x - 1, one.y),
    "right": lambda places, name, one: moved(places, name, one.x + 1, one.y),
    "wider": lambda places, name, one: resized(places, name, one.w + 1, one.h),
    "narrower": lambda places, name, one: resized(places, name, one.w - 1, one.h),
    "taller": lambda places, name, one: resized(places, name, one.w, one.h + 1),
    "shorter": lambda places, name, one: resized(places, name, one.w, one.h - 1),
}
STEPS: tuple[str, ...] = ("left", "right", "up", "down", *(one for one in _STEPS if one not in ("left", "right")))


def compacted(places: Mapping[str, Place]) -> Places:
    """Each as far up as it gets, in the order in which they stand; given back in the order in which they came."""
    settled: Places = {}
    for name, place in sorted(places.items(), key=lambda one: (one[1].y, one[1].x)):
        settled[name] = _settled(place, settled)
    return {name: settled[name] for name in places}


def is_over(one: Place, other: Place) -> bool:
    """Whether two stand over each other."""
    beside = one.x + one.w <= other.x or other.x + other.w <= one.x
    return not beside and one.y < other.y + other.h and other.y < one.y + one.h


def _past_next(places: Mapping[str, Place], name: str, by: int) -> Places:
    start = places[name].y
    lowest = max(place.y + place.h for place in places.values())
    rows = range(start + 1, lowest + 1) if by > 0 else range(start - 1, -1, -1)
    for row in rows:
        found = moved(places, name, places[name].x, row)
        if (found[name].y - start) * by > 0:
            return found
    return dict(places)


def _let_past(others: Places, to: Place) -> Places:
    """Those that one comes down upon go above it, where there is room."""
    found = dict(others)
    for name, place in sorted(others.items(), key=lambda one: one[1].y):
        if not is_over(place, to):
            continue
        above = _at(place, place.x, max(to.y - place.h, 0))
        rest = (other for key, other in found.items() if key != name)
        if not is_over(above, to) and not any(is_over(above, other) for other in rest):
            found[name] = above
    return found


def _given_way(others: Places, name: str, to: Place) -> Places:
    """The one where it is to stand, and what is in the way below it, and what that is over below that."""
    found: Places = {name: to}
    for key, place in sorted(others.items(), key=lambda one: (one[1].y, one[1].x)):
        found[key] = _below(place, found) if _is_pushed(place, found) else place
    return compacted(found)


def _is_pushed(place: Place, found: Places) -> bool:
    return any(is_over(place, other) for other in found.values())


def _below(place: Place, found: Places) -> Place:
    while over := [other for other in found.values() if is_over(place, other)]:
        place = _at(place, place.x, max(other.y + other.h for other in over))
    return place


def _settled(place: Place, settled: Places) -> Place:
    if any(is_over(place, other) for other in settled.values()):
        return _below(place, settled)
    while place.y and not any(is_over(_at(place, place.x, place.y - 1), other) for other in settled.values()):
        place = _at(place, place.x, place.y - 1)
    return place


def _at(place: Place, x: int, y: int) -> Place:
    return Place.model_construct(x=x, y=y, w=place.w, h=place.h)
