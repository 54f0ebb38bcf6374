"""Changes of a card's parts as pages ask for them: `do` says what, and behind a colon which."""

from __future__ import annotations

from collections.abc import Callable

from keepwell.apps.configuration.projects import Files
from keepwell.apps.scorecards import arranging, editing
from keepwell.apps.scorecards.parts import NEW_OVERRIDE, new_group, new_measure
from keepwell.errors import RequestRefused

Change = Callable[[Files], Files]
_BY = {"up": -1, "down": 1}


def change_of(card: str, do: str, typed: Callable[[str], str]) -> Change:
    """`typed` gives what was typed into an input of the page, "" for nothing. Raises RequestRefused."""
    what, _, which = do.partition(":")
    steps = tuple(which.split("/"))
    if what == "remove":
        path = tuple(int(step) if step.isdigit() else step for step in steps)
        return lambda now: editing.without_part(now, card, path)
    if what in _BY:
        if len(steps) == 1:
            return lambda now: editing.with_override_moved(now, card, which, _BY[what])
        return lambda now: arranging.with_part_moved(now, card, steps, _BY[what])
    if what == "rename":
        name = typed(f"key:{which}").strip()
        return lambda now: arranging.with_part_renamed(now, card, steps, name)
    if what == "transfer":
        group = typed(f"group:{which}").strip()
        return lambda now: arranging.with_measure_in(now, card, steps, group)
    return _added(card, what, which, typed(f"name:{which}" if which else "name").strip())


def told_of(do: str, typed: Callable[[str], str]) -> str:
    """What to say of a change whose consequences do not show."""
    what, _, which = do.partition(":")
    if what != "rename" or "/measures/" not in which:
        return ""
    old, new = which.split("/")[-1], typed(f"key:{which}").strip()
    if old == new:
        return ""
    return (
        f"{old} is now {new}, which is a new measure: its history begins when this is published, that of {old} stays "
        f"under the old name, and scores that people entered for {old} do not count for {new}."
    )


def _added(card: str, what: str, which: str, name: str) -> Change:
    if what not in ("group", "measure", "override"):
        raise RequestRefused("choose what to do: add, rename, move or remove a part of the card")
    if not name:
        raise RequestRefused("give it a name: lower-case letters, digits and _, beginning with a letter")
    if what == "group":
        return lambda now: editing.with_part(now, card, ("groups", name), new_group(now))
    if what == "measure":
        return lambda now: editing.with_part(now, card, (*which.split("/"), "measures", name), new_measure(now, name))
    return lambda now: editing.with_part(now, card, ("overrides",), NEW_OVERRIDE | {"name": name})
