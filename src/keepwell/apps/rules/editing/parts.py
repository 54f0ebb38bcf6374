"""Triggers, actions and an end of a rule that come, go and move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import held_at
from keepwell.apps.configuration.editing.form import Change, Known, Path
from keepwell.apps.configuration.editing.inputs import Input, inputs_of
from keepwell.apps.configuration.editing.parts import PartChange, moved_item, removed_item
from keepwell.apps.configuration.editing.scalars import ABSENT
from keepwell.apps.configuration.rewriting import appended, with_value, without
from keepwell.apps.rules.editing.fields import PARTS, triggers_of
from keepwell.definitions.actions import ACTION_KINDS, model_of
from keepwell.definitions.triggers import TRIGGER_KINDS, TriggerKind
from keepwell.definitions.triggers import model_of as trigger_model
from keepwell.errors import RequestRefused

NOT_YET: Mapping[str, Any] = {
    "text": "{account.name}: {rule.title}", "title": "{account.name}: {rule.title}", "outcome": "recovered",
    "schedule": "every weekday at 08:00", "event": "*",
}  # fmt: skip


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


def _add_trigger(rule: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    if chosen not in TRIGGER_KINDS:
        raise RequestRefused(f"choose what sets the rule in motion: {', '.join(TRIGGER_KINDS)}")
    new = new_trigger(chosen, known)
    if isinstance(rule.get("on"), list):
        return lambda text: appended(text, (*root, "on"), new)
    return lambda text: with_value(text, (*root, "on"), [*triggers_of(rule), new])


def _remove_trigger(rule: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    held = triggers_of(rule)
    if not at.isdecimal() or int(at) >= len(held):
        return None
    if len(held) == 1:
        raise RequestRefused("a rule needs something that sets it in motion; add another before this one goes")
    return lambda text: without(text, (*root, "on", int(at)))


def _add_action(rule: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    if chosen not in ACTION_KINDS or at not in PARTS:
        raise RequestRefused(f"choose what to do: {', '.join(ACTION_KINDS)}")
    path = (*root, *at.split("/"))
    return lambda text: appended(text, path, new_action(chosen, known))


def _add_until(rule: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    """It ends where what sets it off is over, until somebody says otherwise."""
    if held_at(rule, ("until", "when")) is not ABSENT:
        return None
    return lambda text: with_value(text, (*root, "until"), {"when": f"not ({rule.get('when') or 'true'})"})


def _remove_until(rule: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    return (lambda text: without(text, (*root, "until"))) if "until" in rule else None


WORK: dict[str, PartChange] = {
    "add-trigger": _add_trigger,
    "remove-trigger": _remove_trigger,
    "add-action": _add_action,
    "remove-action": removed_item,
    "up": moved_item(-1),
    "down": moved_item(1),
    "add-until": _add_until,
    "remove-until": _remove_until,
}
"""By the verb that the form sends."""
