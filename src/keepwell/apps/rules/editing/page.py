"""A rule as the editor shows it: its triggers and actions with their inputs, what stands in them, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import fields_of_model
from keepwell.apps.configuration.editing.form import Known, Typed
from keepwell.apps.configuration.editing.shown import Page, Part, Showing
from keepwell.apps.rules.editing.fields import (
    PARTS,
    action_kind,
    actions_at,
    own_fields,
    trigger_fields,
    trigger_kind,
    triggers_of,
)
from keepwell.apps.rules.editing.form import RULE_FORM
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
class RulePage(Page):
    """`ending`: the actions of `until`."""

    triggers: tuple[Part, ...]
    actions: tuple[Part, ...]
    ending: tuple[Part, ...]
    has_until: bool
    trigger_kinds: tuple[tuple[str, str], ...] = tuple((kind, _TRIGGERS.get(kind, kind)) for kind in TRIGGER_KINDS)
    action_kinds: tuple[tuple[str, str], ...] = tuple((kind, says(kind)) for kind in ACTION_KINDS)


def page_of(name: str, rule: Document, issues: Iterable[Issue], known: Known, typed: Typed | None = None) -> RulePage:
    """`typed`: what stands in inputs instead of what the draft holds, where it could not be saved."""
    showing = Showing(RULE_FORM, name, rule, issues, known, typed, parts=_places(rule), empty=_EMPTY)
    triggers = tuple(_triggers(showing, rule))
    actions, ending = (tuple(_actions(showing, rule, part)) for part in PARTS)
    return RulePage(
        name=name,
        fields={one.name: showing.shown(one) for one in own_fields(rule)},
        parts=(*triggers, *actions, *ending),
        errors=showing.errors.get("", ()),
        elsewhere=tuple(showing.elsewhere),
        known=known,
        triggers=triggers,
        actions=actions,
        ending=ending,
        has_until=isinstance(rule.get("until"), dict),
    )


def _places(rule: Document) -> Iterator[str]:
    """What can be wrong beside fields: actions, the inputs of triggers, and parts as a whole."""
    yield from ("on", "actions", "until")
    for part in PARTS:
        yield from (f"{part}/{place}" for place, _ in enumerate(actions_at(rule, part)))
    for trigger in trigger_fields(rule):
        yield from (one.name for one in trigger.inputs)


def _triggers(showing: Showing, rule: Document) -> Iterator[Part]:
    known = {one.number: one for one in trigger_fields(rule)}
    for place, held in enumerate(triggers_of(rule)):
        path, field, kind = f"on/{place}", known.get(place), trigger_kind(held) or ""
        errors = [*showing.errors.get(path, ()), *(showing.errors.get("on", ()) if place == 0 else ())]
        inputs = tuple(map(showing.shown, field.inputs)) if field else ()
        yield Part(path, _TRIGGERS.get(kind, kind), inputs, errors)


def _actions(showing: Showing, rule: Document, part: str) -> Iterator[Part]:
    held = actions_at(rule, part)
    for place, one in enumerate(held):
        kind = action_kind(one)
        fields = fields_of_model((*part.split("/"), place, kind), model_of(kind)) if kind else ()
        yield showing.part(f"{part}/{place}", says(kind) if kind else "", fields, place, len(held))
