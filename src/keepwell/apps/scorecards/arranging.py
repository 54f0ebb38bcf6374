"""Groups and measures of a card in another order, in another group, or under another name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from keepwell.apps.configuration.arranging import exchanged, renamed, transferred
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import with_value
from keepwell.apps.scorecards.editing import CARDS, card_of, defined, file_of, held_at, overrides_of
from keepwell.errors import RequestRefused

Steps = tuple[str, ...]
"""Where a part stands in its card: ("groups", group) or ("groups", group, "measures", measure)."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def with_part_moved(files: Files, card: str, part: Steps, by: int) -> dict[str, str]:
    """A group or measure one place up (-1) or down (1) among its like."""
    _part(files, card, part)
    return _changed(files, card, lambda text: exchanged(text, (CARDS, card, *part), by))


def with_measure_in(files: Files, card: str, measure: Steps, group: str) -> dict[str, str]:
    """A measure as the last one of another group. Raises RequestRefused where that group has one of its name."""
    held = _part(files, card, measure)
    target = ("groups", group, "measures")
    if held_at(held, target[:-1]) is None:
        raise RequestRefused(f"there is no group '{group}' any more; choose another one")
    if measure[1] == group:
        return dict(files)
    if held_at(held, (*target, measure[-1])) is not None:
        raise RequestRefused(f"the group '{group}' has a measure '{measure[-1]}' already; rename one of them first")
    return _changed(files, card, lambda text: transferred(text, (CARDS, card, *measure), (CARDS, card, *target)))


def with_part_renamed(files: Files, card: str, part: Steps, name: str) -> dict[str, str]:
    """A group or measure under another key, and the card's overrides that look at it.

    A measure that read the metric of its own name reads that metric still. Raises RequestRefused for what is no name
    and for one that is taken.
    """
    held, old = _part(files, card, part), part[-1]
    if name == old:
        return dict(files)
    if not _NAME.fullmatch(name):
        raise RequestRefused(f"'{name}' is no name: use lower-case letters, digits and _, beginning with a letter")
    if name in _taken(held, part):
        raise RequestRefused(f"there is a '{name}' already; choose another name")
    kind = "measure" if part[-2] == "measures" else "group"
    if kind == "measure" and _reads_its_own(files, held_at(held, part), old):
        files = _changed(files, card, lambda text: with_value(text, (CARDS, card, *part, "metric"), old))
    files = _changed(files, card, lambda text: renamed(text, (CARDS, card, *part), name))
    return _with_conditions(files, card, re.compile(rf"\b{kind}\.{re.escape(old)}\b"), f"{kind}.{name}")


def _part(files: Files, card: str, part: Steps) -> Any:
    """The card that has the part. Raises RequestRefused where somebody took either away."""
    held = card_of(files, card)
    if held is None or held_at(held, part) is None:
        raise RequestRefused(f"'{part[-1]}' was moved, renamed or removed meanwhile; this is the card as it stands now")
    return held


def _taken(held: Any, part: Steps) -> set[str]:
    """Names that its like have: groups of the card, or measures of all its groups."""
    groups = held.get("groups") or {}
    if part[-2] == "groups":
        return set(groups)
    return {name for group in groups.values() for name in (held_at(group, ("measures",)) or {})}


def _reads_its_own(files: Files, measure: Any, name: str) -> bool:
    if held_at(measure, ("metric",)) is not None or name not in defined(files, "metrics"):
        return False
    is_manual = str(held_at(measure, ("manual",))).lower() == "true"
    return not is_manual or "metric" in (held_at(measure, ("sources",)) or ())


def _with_conditions(files: Files, card: str, old: re.Pattern[str], new: str) -> dict[str, str]:
    for place, one in enumerate(overrides_of(card_of(files, card) or {})):
        when = held_at(one, ("when",))
        if isinstance(when, str) and old.search(when):
            path, said = (CARDS, card, "overrides", place, "when"), old.sub(new, when)
            files = _changed(files, card, lambda text, path=path, said=said: with_value(text, path, said))  # type: ignore[misc]
    return dict(files)


def _changed(files: Files, card: str, change: Callable[[str], str]) -> dict[str, str]:
    path = file_of(files, CARDS, card)
    assert path is not None
    return {**files, path: change(files[path])}
