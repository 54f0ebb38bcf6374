"""From what was typed in the editor to changes of the draft's document, beside what others saved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration.document import Unreadable, read
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import appended, swapped, with_value, without
from keepwell.apps.scorecards.fields import Field, Inputs
from keepwell.errors import RequestRefused
from keepwell.learning.optimizer.card_yaml import flow

_GONE = "removed, or under another name"
CARDS = "scorecards"
Card = Mapping[str, Any]

_CARD = (("title", "text"), ("help", "text"), ("scheme", "choice"), ("order", "number"), ("applies_to", "expression"),
         ("for", "choice", "account"), ("minimum_coverage", "number"))  # fmt: skip
_GROUP = (("title", "text"), ("help", "text"), ("weight", "number"))
_MEASURE = (
    ("title", "text"), ("help", "text"), ("weight", "number"), ("metric", "choice"), ("manual", "flag"),
    ("score", "shape"), ("levels", "levels"), ("sources", "list"), ("arbitration", "choice", "first"),
    ("valid_for", "text"), ("when_stale", "choice", "flag"), ("when_missing", "missing", "skip"), ("scheme", "choice"),
)  # fmt: skip
_OVERRIDE = (("name", "text"), ("when", "expression"), ("effect", "effect"), ("reason", "text"))


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed from the same state."""

    field: str
    where: str
    was: str
    theirs: str
    mine: str
    inputs: Inputs  # as mine would be typed again; empty where there is no such field any more


@dataclass(frozen=True)
class Edited:
    files: dict[str, str]
    conflicts: tuple[Conflict, ...]


def file_of(files: Files, kind: str, name: str) -> str | None:
    """The path of the file that defines something."""
    for path, text in sorted(files.items()):
        held = _read(text)
        if isinstance(held, dict) and isinstance(held.get(kind), dict) and name in held[kind]:
            return path
    return None


def card_of(files: Files, name: str) -> Card | None:
    """A card as its document says it; None where no file that can be read defines it."""
    path = file_of(files, CARDS, name)
    if path is None:
        return None
    held = read(files[path])[CARDS][name]
    return held if isinstance(held, dict) else {}


def cards_in(files: Files) -> dict[str, Card]:
    """Every card by name, in the order in which they are tried."""
    found: dict[str, Card] = {
        name: card if isinstance(card, dict) else {} for name, card in defined(files, CARDS).items()
    }
    return dict(sorted(found.items(), key=lambda one: (one[1].get("for", ""), _order(one[1]), one[0])))


def defined(files: Files, kind: str) -> dict[str, Any]:
    """Every definition of a kind by name, as written."""
    found: dict[str, Any] = {}
    for text in files.values():
        held = _read(text)
        if isinstance(held, dict) and isinstance(held.get(kind), dict):
            found |= held[kind]
    return found


def fields_of(card: Card) -> Iterator[Field]:
    """Every field of a card, in the order of the page."""
    yield from _fields((), _CARD)
    for group_name, group in _maps(card.get("groups")):
        yield from _fields(("groups", group_name), _GROUP)
        for name, _ in _maps(group.get("measures")):
            yield from _fields(("groups", group_name, "measures", name), _MEASURE)
    for place, _ in enumerate(overrides_of(card)):
        yield from _fields(("overrides", place), _OVERRIDE)


def overrides_of(card: Card) -> list[Any]:
    held = card.get("overrides")
    return held if isinstance(held, list) else []


def held_at(card: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a path; None for nothing."""
    for step in path:
        if isinstance(card, dict):
            card = card.get(step)
        elif isinstance(card, list) and isinstance(step, int) and step < len(card):
            card = card[step]
        else:
            return None
    return card


def edited(base: Files, now: Files, name: str, typed: Mapping[str, str]) -> Edited:
    """`now` with everything that was typed and differs from `base`, where `now` does not differ from it too.

    Fields that were not sent are left alone. Raises RequestRefused where the document cannot be changed by a form.
    """
    before, held = card_of(base, name), card_of(now, name)
    if before is None or held is None:
        raise RequestRefused(f"scorecard '{name}' was removed from the draft meanwhile")
    files, conflicts = dict(now), []
    for field in fields_of(before):
        if not any(one == field.name or one.startswith(f"{field.name}/") for one in typed):
            continue
        was, mine = _meaning(field, before, field.path), field.meant(typed)
        if mine == was:
            continue
        path = _place_now(field, before, held)
        theirs = _meaning(field, held, path) if path else None
        if path and theirs in (was, mine):
            files = _written(files, name, path, mine)
        else:
            conflicts.append(_conflict(field, was, theirs if path else _GONE, mine, typed if path else {}))
    return Edited(files, tuple(conflicts))


def with_part(files: Files, name: str, path: tuple[str, ...], value: Any) -> dict[str, str]:
    """A new group, measure or override of a card. Raises RequestRefused where there is one of that name."""
    held = card_of(files, name)
    if held is None:
        raise RequestRefused(f"there is no scorecard '{name}' in this draft")
    if path == ("overrides",):
        return _replace(files, name, lambda text: appended(text, (CARDS, name, "overrides"), value))
    if held_at(held, path) is not None:
        raise RequestRefused(f"there is a '{path[-1]}' already; choose another name")
    return _replace(files, name, lambda text: with_value(text, (CARDS, name, *path), value))


def without_part(files: Files, name: str, path: tuple[str | int, ...]) -> dict[str, str]:
    held = card_of(files, name)
    if held is None or held_at(held, path) is None:
        return dict(files)  # somebody else was quicker, and did the same
    return _replace(files, name, lambda text: without(text, (CARDS, name, *path)))


def with_override_moved(files: Files, name: str, override: str, by: int) -> dict[str, str]:
    """An override one place up (-1) or down (1): they are taken in order."""
    held = card_of(files, name) or {}
    names = [one.get("name") if isinstance(one, dict) else None for one in overrides_of(held)]
    place = names.index(override) if override in names else -1
    if place < 0 or not 0 <= place + by < len(names):
        return dict(files)
    return _replace(files, name, lambda text: swapped(text, (CARDS, name, "overrides"), place, place + by))


def with_card(files: Files, name: str, card: Mapping[str, Any]) -> dict[str, str]:
    """A new card in a file of its own."""
    if card_of(files, name) is not None:
        raise RequestRefused(f"there is a scorecard '{name}' already; choose another name")
    path = next(
        one for number in range(1, 999) if (one := f"scorecard_{name}{number if number > 1 else ''}.yaml") not in files
    )
    return {**files, path: with_value("", (CARDS, name), card)}


def without_card(files: Files, name: str) -> dict[str, str]:
    path = file_of(files, CARDS, name)
    if path is None:
        return dict(files)
    held = read(files[path])
    if set(held) == {CARDS} and set(held[CARDS]) == {name}:
        return {other: text for other, text in files.items() if other != path}
    return {**files, path: without(files[path], (CARDS, name))}


def field_of_issue(path: str, card: str, names: Mapping[str, object]) -> str | None:
    """The name of the field, or part of the card, that an issue is about; "" for the card as a whole."""
    head = f"{CARDS}.{card}"
    if path != head and not path.startswith((f"{head}.", f"{head}[")):
        return None
    steps = path[len(head) :].replace("[", ".").replace("]", "").strip(".").split(".")
    for length in range(len(steps), 0, -1):
        name = "/".join(steps[:length])
        if name in names:
            return name
    return ""


def _fields(path: tuple[str | int, ...], parts: tuple[Any, ...]) -> Iterator[Field]:
    for key, kind, *default in parts:
        yield Field((*path, key), kind, *default)


def _maps(held: Any) -> list[tuple[str, dict[str, Any]]]:
    return (
        [(name, one if isinstance(one, dict) else {}) for name, one in held.items()] if isinstance(held, dict) else []
    )


def _meaning(field: Field, card: Card, path: tuple[str | int, ...]) -> Any:
    return field.meant(field.shown(held_at(card, path)))


def _place_now(field: Field, before: Card, now: Card) -> tuple[str | int, ...] | None:
    """Where the field stands now: overrides and measures are found by their names, groups must be there still."""
    path = field.path
    if path[0] == "overrides" and isinstance(path[1], int):
        names = [one.get("name") if isinstance(one, dict) else None for one in overrides_of(now)]
        name = held_at(before, (*path[:2], "name"))
        return ("overrides", names.index(name), *path[2:]) if name in names else None
    if len(path) == 1 or held_at(now, path[:-1]) is not None:
        return path
    if len(path) == 5:  # somebody moved the measure to another group
        groups = [name for name, group in _maps(now.get("groups")) if held_at(group, path[2:4]) is not None]
        return ("groups", groups[0], *path[2:]) if groups else None
    return None


def _written(files: dict[str, str], name: str, path: tuple[str | int, ...], value: Any) -> dict[str, str]:
    place = (CARDS, name, *path)
    if value is None:
        return _replace(files, name, lambda text: without(text, place))
    return _replace(files, name, lambda text: with_value(text, place, value))


def _replace(files: Files, name: str, change: Any) -> dict[str, str]:
    path = file_of(files, CARDS, name)
    assert path is not None
    return {**files, path: change(files[path])}


def _conflict(field: Field, was: Any, theirs: Any, mine: Any, typed: Mapping[str, str]) -> Conflict:
    inputs = {one: value for one, value in typed.items() if one == field.name or one.startswith(f"{field.name}/")}
    where = " › ".join(str(step).replace("_", " ") for step in field.path if step not in ("groups", "measures"))
    return Conflict(field.name, where, _said(was), _said(theirs), _said(mine), inputs)


def _said(value: Any) -> str:
    return "nothing" if value is None else flow(value) if isinstance(value, dict | list) else str(value)


def _order(card: Card) -> float:
    try:
        return float(card.get("order") or 0)
    except (TypeError, ValueError):
        return float("inf")


def _read(text: str) -> Any:
    try:
        return read(text)
    except Unreadable:
        return None
