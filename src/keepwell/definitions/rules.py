"""Rules: when to act on an account, and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from keepwell.definitions.actions import Action
from keepwell.definitions.base import Definition, Documented, ExpressionField
from keepwell.definitions.durations import Days, DaysFromZero, parse_days, print_days
from keepwell.definitions.shares import parse_share, share_schema
from keepwell.definitions.triggers import OCCASIONS, ScoreChange, Trigger, Triggers, kind_of

_RUNS = re.compile(r"\s*(\d{1,4})\s+runs?\s*")
COOL_DOWN = 30
"""Days between two firings for the same account, unless a rule says otherwise."""


@dataclass(frozen=True)
class Persistence:
    """How long something must have been so: for so many days, or at so many runs in a row."""

    days: int = 0
    runs: int = 1

    def __str__(self) -> str:
        return print_days(self.days) if self.days else f"{self.runs} run{'' if self.runs == 1 else 's'}"


AT_ONCE = Persistence()


def _persistence(text: Any) -> Any:
    if isinstance(text, Persistence):
        return text
    if isinstance(text, str) and (found := _RUNS.fullmatch(text)):
        if int(found[1]) < 1:
            raise ValueError("a condition holds for at least 1 run")
        return Persistence(runs=int(found[1]))
    if not isinstance(text, str):
        raise ValueError(f"'{text}' does not say how long; write 3 days or 2 runs")
    return Persistence(days=max(1, parse_days(text)))


Persists = Annotated[
    Persistence,
    BeforeValidator(_persistence),
    PlainSerializer(str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\s*\d{1,5}\s+(days?|weeks?|runs?)\s*$", "examples": ["3 days", "2 runs"]}
    ),
]


Share = Annotated[float, BeforeValidator(parse_share), Field(ge=0, le=0.5), share_schema(0.5)]


class Repeat(Definition):
    """When a rule may act again for an account for which it has acted."""

    cool_down: DaysFromZero | None = Field(
        None,
        description=f"The least time between two firings; {COOL_DOWN} days, and none for rules on moments, unless said",
    )
    at_most: Annotated[int, Field(ge=1)] | None = Field(None, description="So many firings, with `per`")
    per: Days | None = Field(None, description="...in so much time")
    while_it_holds: bool = Field(
        False, description="Also while `when` has held since the last firing, each time the cool-down has passed"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Repeat:
        if (self.at_most is None) != (self.per is None):
            raise ValueError("'at_most' and 'per' go together, such as at_most: 3, per: 365 days")
        if self.while_it_holds and not self.cool_down:
            raise ValueError("'while_it_holds' needs a 'cool_down': how long to wait each time")
        return self


class Until(Definition):
    """What ends it, and what is done then."""

    when: ExpressionField = Field(description="Ends it where it is true; null counts as false")
    persists: Persists = Field(AT_ONCE, description="How long that must have held, such as `2 days` or `2 runs`")
    actions: tuple[Action, ...] = Field((), description="What is done then, in this order")


class Rule(Documented):
    """When to act on an account, and what to do."""

    on: Triggers = Field(
        (ScoreChange(score_change=True),),
        description="What sets it in motion, one or several; `score_change` unless said here",
    )
    enabled: bool = Field(True, description="A rule that is not enabled is checked and shown, and never acts")
    order: int = Field(0, description="Rules act from the lowest order up, of the same order by name")
    scope: ExpressionField | None = Field(None, description="Whom it considers; everybody unless said here")
    when: ExpressionField = Field(description="Acts where it is true; null counts as false")
    persists: Persists = Field(AT_ONCE, description="How long `when` must have held, such as `3 days` or `2 runs`")
    repeat: Repeat = Field(Repeat(), description="When it may act again for the same account")
    hold_out: Share = Field(
        0.0,
        description="The share of accounts, drawn at random and kept, for which nothing is done: `10%`; at most half",
    )
    approval_above: Annotated[int, Field(ge=0)] | None = Field(
        None, description="A run with more effects than this waits for approval; 0: every run"
    )
    on_failure: Literal["stop", "continue"] = Field(
        "stop", description="After an action that failed: leave the others of that account, or go on"
    )
    actions: tuple[Action, ...] = Field(min_length=1, description="What it does, in this order")
    until: Until | None = Field(None, description="What ends it, and what is done then")

    @model_validator(mode="after")
    def _fits_together(self) -> Rule:
        if self.only_on_occasions and self.persists != AT_ONCE:
            moments = ", ".join(sorted(OCCASIONS))
            raise ValueError(f"'persists' does not go with triggers that are moments alone ({moments})")
        return self

    @property
    def trigger_kinds(self) -> frozenset[str]:
        return frozenset(kind_of(one) for one in self.on)

    @property
    def only_on_occasions(self) -> bool:
        """Whether each of its triggers is a moment: such a rule acts each time, and not once while something holds."""
        return self.trigger_kinds <= OCCASIONS

    @property
    def cool_down_days(self) -> int:
        """Days between two firings for the same account."""
        if self.repeat.cool_down is not None:
            return self.repeat.cool_down
        return 0 if self.only_on_occasions else COOL_DOWN

    def triggers(self, kind: str) -> tuple[Trigger, ...]:
        """Its triggers of one kind."""
        return tuple(one for one in self.on if kind_of(one) == kind)
