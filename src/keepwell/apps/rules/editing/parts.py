"""Triggers, actions and an end of a rule that come, go and move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import appended, swapped, with_value, without
from keepwell.apps.rules.editing.documents import KIND, changed, rule_in
from keepwell.apps.rules.editing.fields import PARTS, Document, actions_at, held_at, triggers_of
from keepwell.apps.rules.editing.inputs import Input, inputs_of
from keepwell.apps.rules.editing.scalars import ABSENT
from keepwell.definitions.actions import ACTION_KINDS, model_of
from keepwell.definitions.triggers import TRIGGER_KINDS, TriggerKind
from keepwell.definitions.triggers import model_of as trigger_model
from keepwell.errors import RequestRefused

Known = Mapping[str, tuple[str, ...]]
"""What fields may name, by their keys: the first stands in a new part."""

NOT_YET: Mapping[str, Any] = {
    "text": "{account.name}: {rule.title}", "title": "{account.name}: {rule.title}", "outcome": "recovered",
    "schedule": "every weekday at 08:00", "event": "*",
}  # fmt: skip


def changed_parts(files: Files, name: str, do: str, chosen: str, known: Known) -> dict[str, str]:
    """`do`: add-trigger, remove-trigger:0, add-action:actions, remove-action:actions/0, up:..., down:..., add-until,
    remove-until. `chosen`: the kind of what is added. Raises RequestRefused for what is none of these."""
    rule = rule_in(files, name)
    if rule is None:
        raise RequestRefused(f"the rule '{name}' was removed from the draft, or has another name")
    what, _, at = do.partition(":")
    work = _WORK.get(what)
    if work is None:
        raise RequestRefused(f"'{what}' is no change of a rule: use {', '.join(_WORK)}")
    change = work(rule, (KIND, name), at, chosen, known)
    return changed(files, name, change) if change else dict(files)


_Change = Callable[[str], str] | None
_Path = tuple[str | int, ...]


def new_action(kind: str, known: Known) -> dict[str, Any]:
    """An action with what it needs, as far as that can be guessed."""
    return {kind: {one.key: _starting(one, known) for one in inputs_of(model_of(kind)) if one.required}}


def new_trigger(kind: TriggerKind, known: Known) -> Any:
    needed = [one for one in inputs_of(trigger_model(kind)) if one.required]
    return {one.key: _starting(one, known) for one in needed} if needed else kind


def _starting(one: Input, known: Known) -> Any:
    if one.choices:
        return one.choices[0]
    if one.nullable:
        return None
    if one.kind == "several":
        return ["csm"]
    return next(iter(known.get(one.key, ())), None) or NOT_YET.get(one.key, "")


def _add_trigger(rule: Document, root: _Path, at: str, chosen: str, known: Known) -> _Change:
    if chosen not in TRIGGER_KINDS:
        raise RequestRefused(f"choose what sets the rule in motion: {', '.join(TRIGGER_KINDS)}")
    new = new_trigger(chosen, known)
    if isinstance(rule.get("on"), list):
        return lambda text: appended(text, (*root, "on"), new)
    return lambda text: with_value(text, (*root, "on"), [*triggers_of(rule), new])


def _remove_trigger(rule: Document, root: _Path, at: str, chosen: str, known: Known) -> _Change:
    held = triggers_of(rule)
    if not at.isdecimal() or int(at) >= len(held):
        return None
    if len(held) == 1:
        raise RequestRefused("a rule needs something that sets it in motion; add another before this one goes")
    return lambda text: without(text, (*root, "on", int(at)))


def _add_action(rule: Document, root: _Path, at: str, chosen: str, known: Known) -> _Change:
    if chosen not in ACTION_KINDS or at not in PARTS:
        raise RequestRefused(f"choose what to do: {', '.join(ACTION_KINDS)}")
    path = (*root, *at.split("/"))
    return lambda text: appended(text, path, new_action(chosen, known))


def _remove_action(rule: Document, root: _Path, at: str, chosen: str, known: Known) -> _Change:
    part, place = _place(rule, at)
    return (lambda text: without(text, (*root, *part.split("/"), place))) if place >= 0 else None


def _move(by: int) -> Callable[[Document, _Path, str, str, Known], _Change]:
    def move(rule: Document, root: _Path, at: str, chosen: str, known: Known) -> _Change:
        part, place = _place(rule, at)
        if place < 0 or not 0 <= place + by < len(actions_at(rule, part)):
            return None
        return lambda text: swapped(text, (*root, *part.split("/")), place, place + by)

    return move


def _add_until(rule: Document, root: _Path, at: str, chosen: str, known: Known) -> _Change:
    """It ends where what sets it off is over, until somebody says otherwise."""
    if held_at(rule, ("until", "when")) is not ABSENT:
        return None
    return lambda text: with_value(text, (*root, "until"), {"when": f"not ({rule.get('when') or 'true'})"})


def _remove_until(rule: Document, root: _Path, at: str, chosen: str, known: Known) -> _Change:
    return (lambda text: without(text, (*root, "until"))) if "until" in rule else None


def _place(rule: Document, at: str) -> tuple[str, int]:
    """The part and place of an action; -1 for one that is not there any more."""
    part, _, place = at.rpartition("/")
    is_there = part in PARTS and place.isdecimal() and int(place) < len(actions_at(rule, part))
    return part, int(place) if is_there else -1


_WORK: dict[str, Callable[[Document, _Path, str, str, Known], _Change]] = {
    "add-trigger": _add_trigger,
    "remove-trigger": _remove_trigger,
    "add-action": _add_action,
    "remove-action": _remove_action,
    "up": _move(-1),
    "down": _move(1),
    "add-until": _add_until,
    "remove-until": _remove_until,
}
