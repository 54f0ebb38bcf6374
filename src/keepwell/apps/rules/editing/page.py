"""A rule as the editor shows it: its parts with their inputs, what stands in them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.apps.rules.editing.documents import KIND
from keepwell.apps.rules.editing.fields import (
    PARTS,
    Document,
    Field,
    Path,
    TriggerField,
    action_kind,
    actions_at,
    fields_of,
    shown_of,
    trigger_fields,
    trigger_kind,
    triggers_of,
)
from keepwell.apps.rules.editing.inputs import inputs_of
from keepwell.definitions.actions import ACTION_KINDS, model_of, says
from keepwell.definitions.issues import Issue
from keepwell.definitions.rules import COOL_DOWN
from keepwell.definitions.triggers import TRIGGER_KINDS

_TRIGGERS: Mapping[str, str] = {
    "score_change": "scores are computed", "schedule": "at fixed times", "event": "something happens in the product",
    "load": "new rows arrive", "milestone_overdue": "a milestone is overdue", "stage_change": "the stage changes",
    "response": "a survey is answered",
}  # fmt: skip
_EMPTY: Mapping[str, str] = {
    "scope": "everybody", "persists": "at once", "repeat/cool_down": f"{COOL_DOWN} days", "until/persists": "at once",
    "hold_out": "nobody", "approval_above": "never",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """An input with what stands in it. `rows`: of a map, names and values of its rows."""

    name: str
    label: str
    kind: str
    value: str
    errors: Sequence[str]
    help: str = ""
    choices: tuple[str, ...] = ()
    known: str = ""
    empty: str = ""
    required: bool = False
    rows: tuple[tuple[str, str, str, str], ...] = ()
    completes: str = ""

    @property
    def id(self) -> str:
        return self.name.replace("/", "-")

    @property
    def is_long(self) -> bool:
        return self.kind in ("long", "expression") or "\n" in self.value


@dataclass(frozen=True)
class Part:
    """A trigger or an action. `words`: what it is; empty for one that the form does not know."""

    path: str
    words: str
    inputs: tuple[Shown, ...]
    errors: Sequence[str]
    first: bool = False
    last: bool = False


@dataclass(frozen=True)
class Page:
    """`fields`: inputs of the rule itself by name. `errors`: of the rule as a whole. `parts`: actions by where."""

    name: str
    fields: Mapping[str, Shown]
    triggers: tuple[Part, ...]
    actions: tuple[Part, ...]
    ending: tuple[Part, ...]
    has_until: bool
    errors: Sequence[str]
    elsewhere: tuple[Issue, ...]
    known: Mapping[str, tuple[str, ...]]
    trigger_kinds: tuple[tuple[str, str], ...] = tuple((kind, _TRIGGERS.get(kind, kind)) for kind in TRIGGER_KINDS)
    action_kinds: tuple[tuple[str, str], ...] = tuple((kind, says(kind)) for kind in ACTION_KINDS)

    @property
    def lists(self) -> dict[str, tuple[str, ...]]:
        """Suggestions by the key of a field, those that any field asks for."""
        parts = (*self.triggers, *self.actions, *self.ending)
        inputs = [*self.fields.values(), *(one for part in parts for one in part.inputs)]
        return {one.known: self.known[one.known] for one in inputs if one.known}


def page_of(
    name: str,
    rule: Document,
    issues: Iterable[Issue],
    known: Mapping[str, tuple[str, ...]],
    typed: Mapping[str, str] | None = None,
) -> Page:
    """`typed`: what stands in inputs instead of what the draft holds, where it could not be saved."""
    making = _Making(name, rule, {**shown_of(rule), **(typed or {})}, known)
    making.take(issues)
    return Page(
        name=name,
        fields={one.name: making.shown(one) for one in fields_of(rule) if not _is_of_action(one)},
        triggers=making.triggers(),
        actions=making.actions("actions"),
        ending=making.actions("until/actions"),
        has_until=isinstance(rule.get("until"), dict),
        errors=making.errors.get("", ()),
        elsewhere=tuple(making.elsewhere),
        known=known,
    )


class _Making:
    def __init__(
        self, name: str, rule: Document, values: Mapping[str, str], known: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._name, self._rule, self._values, self._known = name, rule, values, known
        self._parts = {f"{part}/{place}": held for part in PARTS for place, held in enumerate(actions_at(rule, part))}
        self.errors: dict[str, list[str]] = {}
        self.elsewhere: list[Issue] = []

    def take(self, issues: Iterable[Issue]) -> None:
        """Each issue to the input, or part, that it is about."""
        names = {one.name for one in fields_of(self._rule)} | set(self._parts) | {"on", "actions", "until"}
        for trigger in trigger_fields(self._rule):
            names |= {trigger.name, *(one.name for one in trigger.inputs)}
        for issue in issues:
            place = _place_of(issue.path, self._name, names)
            if place is None:
                self.elsewhere.append(issue)
            else:
                self.errors.setdefault(place, []).append(issue.message)

    def shown(self, field: Field) -> Shown:
        one = field.input
        asked = self._known.get(one.key, ())
        return Shown(
            name=field.name,
            label=one.label,
            kind=one.kind,
            value=self._values.get(field.name, ""),
            errors=self.errors.get(field.name, ()),
            help=one.help,
            choices=one.choices,
            known=one.key if asked and one.kind in ("text", "scalar", "several", "number") else "",
            empty=_EMPTY.get(field.name) or (f"such as {one.example}" if one.example else one.default),
            required=one.required,
            rows=self._rows(field.name) if one.kind == "rows" else (),
            completes=_completes(one.kind, one.key),
        )

    def triggers(self) -> tuple[Part, ...]:
        known = {one.place: one for one in trigger_fields(self._rule)}
        held = triggers_of(self._rule)
        return tuple(self._trigger(place, known.get(place), one) for place, one in enumerate(held))

    def _trigger(self, place: int, field: TriggerField | None, held: Any) -> Part:
        path = f"on/{place}"
        errors = [*self.errors.get(path, ()), *(self.errors.get("on", ()) if place == 0 else ())]
        inputs = tuple(self.shown(one) for one in field.inputs) if field else ()
        kind = trigger_kind(held)
        return Part(path, _TRIGGERS.get(kind or "", kind or ""), inputs, errors)

    def actions(self, part: str) -> tuple[Part, ...]:
        held = actions_at(self._rule, part)
        return tuple(self._action(part, place, one, len(held)) for place, one in enumerate(held))

    def _action(self, part: str, place: int, held: Any, count: int) -> Part:
        path, kind = f"{part}/{place}", action_kind(held)
        base: Path = (*part.split("/"), place, kind or "")
        inputs = tuple(self.shown(Field((*base, one.key), one)) for one in inputs_of(model_of(kind))) if kind else ()
        words = says(kind) if kind else ""
        return Part(path, words, inputs, self.errors.get(path, ()), place == 0, place == count - 1)

    def _rows(self, name: str) -> tuple[tuple[str, str, str, str], ...]:
        places = sorted(int(one[len(name) + 1 : -4]) for one in self._values
                        if one.startswith(f"{name}/") and one.endswith("/key"))  # fmt: skip
        return tuple(
            (f"{name}/{at}/key", self._values[f"{name}/{at}/key"], f"{name}/{at}/value",
             self._values.get(f"{name}/{at}/value", ""))
            for at in places
        )  # fmt: skip


def _is_of_action(field: Field) -> bool:
    return any(isinstance(step, int) for step in field.path)


def _completes(kind: str, key: str) -> str:
    if kind == "expression":
        return "expression"
    return "text" if (kind == "long" and key != "help") or key == "title" else ""


def _place_of(path: str, rule: str, names: set[str]) -> str | None:
    """The name of the input or part that an issue is about; "" for the rule as a whole, None for something else."""
    head = f"{KIND}.{rule}"
    if path != head and not path.startswith((f"{head}.", f"{head}[")):
        return None
    steps = path[len(head) :].replace("[", ".").replace("]", "").strip(".").split(".")
    for length in range(len(steps), 0, -1):
        if (name := "/".join(steps[:length])) in names:
            return name
    return ""
