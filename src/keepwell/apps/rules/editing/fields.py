"""The fields of the form of a rule, those of its triggers and actions among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import Field, fields_of_model, list_at
from keepwell.apps.configuration.editing.form import FormField, Path, Typed
from keepwell.apps.configuration.editing.inputs import inputs_of
from keepwell.apps.configuration.editing.scalars import ABSENT
from keepwell.definitions.actions import ACTION_KINDS, model_of
from keepwell.definitions.rules import Repeat, Rule, Until
from keepwell.definitions.triggers import TRIGGER_KINDS
from keepwell.definitions.triggers import model_of as trigger_model

PARTS = ("actions", "until/actions")


@dataclass(frozen=True)
class TriggerField:
    """A trigger with its inputs, as one: `number` among them. It stands alone, in a list, or nowhere (the default)."""

    number: int
    kind: str
    loose: bool = False

    @property
    def name(self) -> str:
        return f"on/{self.number}"

    @property
    def path(self) -> Path:
        return ("on", self.number)

    @property
    def inputs(self) -> tuple[Field, ...]:
        return tuple(Field(("on", self.number, one.key), one) for one in inputs_of(trigger_model(self.kind)))  # type: ignore[arg-type]

    def place(self, document: Document) -> Path:
        return self.path if isinstance(document.get("on"), list) else ("on",)

    def held(self, document: Document) -> Any:
        return triggers_of(document)[self.number]

    def shown(self, held: Any) -> dict[str, str]:
        found = {self.name: self.kind}
        for one in self.inputs:
            value = held.get(one.input.key) if isinstance(held, dict) else None
            found |= one.shown(None if value is True and one.input.any else value)
        return found

    def meant(self, given: Typed) -> Any:
        found = {one.input.key: one.meant(given) for one in self.inputs}
        found = {key: value for key, value in found.items() if value is not ABSENT}
        return self.kind if not found.get(self.kind) and self.is_word else found

    @property
    def is_word(self) -> bool:
        """Whether the kind alone says enough."""
        return all(one.input.any for one in self.inputs if one.input.key == self.kind)

    def is_sent(self, given: Typed) -> bool:
        return any(one.startswith(f"{self.name}/") for one in given)


def triggers_of(rule: Document) -> list[Any]:
    """What sets it in motion, as written, one by one; the default where it does not say."""
    held = rule.get("on", "score_change")
    return held if isinstance(held, list) else [held]


def trigger_kind(held: Any) -> str | None:
    """The kind of a trigger as written; None for one that the form does not know."""
    named = [held] if isinstance(held, str) else list(held) if isinstance(held, dict) else []
    kinds = [one for one in named if one in TRIGGER_KINDS]
    return kinds[0] if len(kinds) == 1 else None


def actions_at(rule: Document, part: str) -> list[Any]:
    """The actions of a part, as written: of `actions` or of `until/actions`."""
    return list_at(rule, tuple(part.split("/")))


def action_kind(held: Any) -> str | None:
    """The kind of an action as written; None for one that the form does not know."""
    named = list(held) if isinstance(held, dict) else []
    return named[0] if len(named) == 1 and named[0] in ACTION_KINDS else None


def own_fields(rule: Document) -> Iterator[Field]:
    """Of the rule itself, without its triggers and actions."""
    yield from fields_of_model((), Rule)
    yield from fields_of_model(("repeat",), Repeat, loose=True)
    if isinstance(rule.get("until"), dict):
        yield from fields_of_model(("until",), Until)


def action_fields(rule: Document) -> Iterator[Field]:
    for part in PARTS:
        for place, held in enumerate(actions_at(rule, part)):
            if kind := action_kind(held):
                yield from fields_of_model((*part.split("/"), place, kind), model_of(kind))


def trigger_fields(rule: Document) -> Iterator[TriggerField]:
    for place, held in enumerate(triggers_of(rule)):
        if kind := trigger_kind(held):
            yield TriggerField(place, kind)


def fields_of(rule: Document) -> Iterator[FormField]:
    """Every field of a rule."""
    yield from own_fields(rule)
    yield from action_fields(rule)
    yield from trigger_fields(rule)


def same_part(before: Document, now: Document, path: Path) -> bool:
    """Whether the part that a field belongs to is the same one still: an action of its kind in as long a list."""
    if path[0] == "on" and len(path) > 1:
        return len(triggers_of(before)) == len(triggers_of(now))
    for length, step in enumerate(path):
        if isinstance(step, int):
            part = "/".join(map(str, path[:length]))
            own, theirs = actions_at(before, part), actions_at(now, part)
            return len(own) == len(theirs) and action_kind(theirs[step]) == path[length + 1]
    return path[0] != "until" or isinstance(now.get("until"), dict)
