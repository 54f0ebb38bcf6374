"""The fields of the form of a rule: where each stands in the document, what it shows, and what was meant by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.apps.rules.editing.inputs import Input, inputs_of
from keepwell.apps.rules.editing.scalars import ABSENT, number, shown, typed
from keepwell.definitions.actions import ACTION_KINDS, model_of
from keepwell.definitions.rules import Repeat, Rule, Until
from keepwell.definitions.triggers import TRIGGER_KINDS
from keepwell.definitions.triggers import model_of as trigger_model

Path = tuple[str | int, ...]
Typed = Mapping[str, str]
Document = Mapping[str, Any]
"""A rule as its file says it, with numbers and truths as such."""
PARTS = ("actions", "until/actions")


@dataclass(frozen=True)
class Field:
    """One input at `path` within the rule."""

    path: Path
    input: Input

    @property
    def name(self) -> str:
        return name_of(self.path)

    def shown(self, held: Any) -> dict[str, str]:
        """Its inputs by name, from what stands there."""
        return _SHOWN.get(self.input.kind, _show_text)(self.name, held, self.input)

    def meant(self, given: Typed) -> Any:
        """What is to stand there; ABSENT for nothing."""
        found = _MEANT.get(self.input.kind, _read_text)(self.name, given)
        if found is ABSENT:
            return None if self.input.nullable else _NOTHING.get(self.input.kind, "") if self.input.required else ABSENT
        return ABSENT if _is_default(found, self.input) else found

    def is_sent(self, given: Typed) -> bool:
        return any(one == self.name or one.startswith(f"{self.name}/") for one in given)


@dataclass(frozen=True)
class TriggerField:
    """A trigger with its inputs, as one: `place` among them. It stands alone, in a list, or nowhere (the default)."""

    place: int
    kind: str

    @property
    def name(self) -> str:
        return f"on/{self.place}"

    @property
    def inputs(self) -> tuple[Field, ...]:
        return tuple(Field(("on", self.place, one.key), one) for one in inputs_of(trigger_model(self.kind)))  # type: ignore[arg-type]

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


def name_of(path: Path) -> str:
    return "/".join(map(str, path))


def held_at(rule: Any, path: Path) -> Any:
    """What stands at a path; ABSENT for nothing."""
    for step in path:
        if isinstance(rule, dict):
            rule = rule.get(str(step), ABSENT)
        elif isinstance(rule, list) and isinstance(step, int) and step < len(rule):
            rule = rule[step]
        else:
            return ABSENT
    return rule


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
    held = held_at(rule, tuple(part.split("/")))
    return held if isinstance(held, list) else []


def action_kind(held: Any) -> str | None:
    """The kind of an action as written; None for one that the form does not know."""
    named = list(held) if isinstance(held, dict) else []
    return named[0] if len(named) == 1 and named[0] in ACTION_KINDS else None


def fields_of(rule: Document) -> Iterator[Field]:
    """Every field of a rule but its triggers."""
    yield from _of_model((), Rule)
    yield from _of_model(("repeat",), Repeat)
    if isinstance(rule.get("until"), dict):
        yield from _of_model(("until",), Until)
    for part in PARTS:
        for place, held in enumerate(actions_at(rule, part)):
            if kind := action_kind(held):
                yield from _of_model((*part.split("/"), place, kind), model_of(kind))


def trigger_fields(rule: Document) -> Iterator[TriggerField]:
    for place, held in enumerate(triggers_of(rule)):
        if kind := trigger_kind(held):
            yield TriggerField(place, kind)


def shown_of(rule: Document) -> dict[str, str]:
    """What every input of the form holds, by name."""
    found: dict[str, str] = {}
    for field in fields_of(rule):
        found |= field.shown(held_at(rule, field.path))
    for trigger in trigger_fields(rule):
        found |= trigger.shown(triggers_of(rule)[trigger.place])
    return found


def _of_model(path: Path, model: Any) -> Iterator[Field]:
    yield from (Field((*path, one.key), one) for one in inputs_of(model))


def _is_default(found: Any, one: Input) -> bool:
    """Whether it says what holds anyway; what is required is written always."""
    if one.required or one.kind not in ("flag", "choice", "number"):
        return False
    return one.default == ("on" if found is True else "" if found is False else str(found))


def _show_text(name: str, held: Any, one: Input) -> dict[str, str]:
    if held is ABSENT or held is None:
        return {name: one.default if one.kind == "choice" else ""}
    return {name: str(held).lower() if isinstance(held, bool) else str(held)}


def _read_text(name: str, given: Typed) -> Any:
    return given.get(name, "").replace("\r\n", "\n").strip() or ABSENT


def _show_flag(name: str, held: Any, one: Input) -> dict[str, str]:
    is_on = one.default == "on" if held is ABSENT else str(held).lower() == "true"
    return {f"{name}/sent": "1", **({name: "on"} if is_on else {})}


def _read_flag(name: str, given: Typed) -> Any:
    return bool(given.get(name))


def _read_number(name: str, given: Typed) -> Any:
    text = given.get(name, "").strip()
    return number(text) if text else ABSENT


def _show_scalar(name: str, held: Any, one: Input) -> dict[str, str]:
    return {name: shown(held)}


def _read_scalar(name: str, given: Typed) -> Any:
    text = given.get(name, "")
    return typed(text) if text.strip() else ABSENT


def _show_several(name: str, held: Any, one: Input) -> dict[str, str]:
    listed = held if isinstance(held, list) else [] if held is ABSENT or held is None else [held]
    return {name: ", ".join(map(str, listed))}


def _read_several(name: str, given: Typed) -> Any:
    return [one.strip() for one in given.get(name, "").split(",") if one.strip()] or ABSENT


def _show_rows(name: str, held: Any, one: Input) -> dict[str, str]:
    rows = [*held.items(), ("", ABSENT)] if isinstance(held, dict) else [("", ABSENT)]
    return {
        f"{name}/{at}/{part}": text
        for at, (key, value) in enumerate(rows)
        for part, text in (("key", key), ("value", shown(value)))
    }


def _read_rows(name: str, given: Typed) -> Any:
    pattern = re.compile(rf"{re.escape(name)}/(\d+)/key")
    places = sorted(int(found[1]) for one in given if (found := pattern.fullmatch(one)))
    rows = [(given[f"{name}/{at}/key"].strip(), given.get(f"{name}/{at}/value", "")) for at in places]
    return {key: typed(value) for key, value in rows if key} or ABSENT


_NOTHING: dict[str, Any] = {"several": [], "rows": {}}
_SHOWN = {"flag": _show_flag, "scalar": _show_scalar, "several": _show_several, "rows": _show_rows}
_MEANT = {
    "flag": _read_flag, "number": _read_number, "scalar": _read_scalar,
    "several": _read_several, "rows": _read_rows,
}  # fmt: skip
