"""What sets a rule in motion."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import BeforeValidator, Discriminator, Field, Tag

from keepwell.definitions.base import Definition, ExpressionField, one_or_several
from keepwell.definitions.features import Pattern
from keepwell.definitions.names import Name, listed, unknown
from keepwell.definitions.schedules import Schedule

TriggerKind = Literal["score_change", "schedule", "event", "load", "milestone_overdue", "stage_change", "response"]


class ScoreChange(Definition):
    """New scores: after each run, and for single accounts within seconds of an event."""

    score_change: Literal[True] = Field(description="After scores were computed")


class Scheduled(Definition):
    """At fixed times, in the time zone of the project."""

    schedule: Schedule = Field(description="In words or as the five fields of cron")


class EventTrigger(Definition):
    """Something that happened in the product."""

    event: Pattern = Field(description="The name of the event; `*` stands for any characters")
    where: ExpressionField | None = Field(
        None, description="Only such events: an expression over `event`, `url` and the properties of the event"
    )


class Load(Definition):
    """New rows."""

    load: Name = Field(description="The dataset that new rows came into")


class MilestoneOverdue(Definition):
    """A milestone of the account's stage whose day has passed."""

    milestone_overdue: Literal[True] | Name = Field(description="`true` for any milestone, or the name of one")


class StageChange(Definition):
    """A move into another stage, by hand, by rule or by the criteria of stages."""

    stage_change: Literal[True] | Name = Field(
        description="`true` for any move, or the stage that the account comes to"
    )


class Response(Definition):
    """An answer to a survey."""

    response: Literal[True] | Name = Field(description="`true` for any survey, or the name of one")
    where: ExpressionField | None = Field(
        None, description="Only such answers: an expression over the answers of the survey that is named"
    )


_KINDS: dict[TriggerKind, type[Definition]] = {
    "score_change": ScoreChange,
    "schedule": Scheduled,
    "event": EventTrigger,
    "load": Load,
    "milestone_overdue": MilestoneOverdue,
    "stage_change": StageChange,
    "response": Response,
}
TRIGGER_KINDS = tuple(_KINDS)
_WORDS = ("score_change", "milestone_overdue", "stage_change", "response")
"""Triggers that may be written as a word alone."""

OCCASIONS = frozenset({"event", "response", "milestone_overdue", "stage_change"})
"""Triggers that are moments: they name the accounts, and each of them is a new occasion to act."""


def _kind_of(data: Any) -> str | None:
    if isinstance(data, Definition):
        return f"trigger by {kind_of(data)}"
    named = [kind for kind in _KINDS if isinstance(data, dict) and kind in data]
    return f"trigger by {named[0]}" if len(named) == 1 else None


def kind_of(trigger: Definition) -> TriggerKind:
    """The key that tells triggers apart."""
    return next(kind for kind, model in _KINDS.items() if isinstance(trigger, model))


def model_of(kind: TriggerKind) -> type[Definition]:
    """What a trigger of this kind says, its kind included."""
    return _KINDS[kind]


def _in_full(value: Any) -> Any:
    several = value if isinstance(value, tuple | list) else (value,)
    return tuple(_one_in_full(one) for one in several)


def _one_in_full(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value in _WORDS:
        return {value: True}
    if value in _KINDS:
        raise ValueError(f"'{value}' needs to say more, such as {{{value}: ...}}; alone may stand: {listed(_WORDS)}")
    raise ValueError(unknown("trigger", value, _KINDS))


Trigger = Annotated[
    Union[  # noqa: UP007 - a discriminated union is written this way
        Annotated[ScoreChange, Tag("trigger by score_change")],
        Annotated[Scheduled, Tag("trigger by schedule")],
        Annotated[EventTrigger, Tag("trigger by event")],
        Annotated[Load, Tag("trigger by load")],
        Annotated[MilestoneOverdue, Tag("trigger by milestone_overdue")],
        Annotated[StageChange, Tag("trigger by stage_change")],
        Annotated[Response, Tag("trigger by response")],
    ],
    Discriminator(
        _kind_of,
        custom_error_type="trigger_kind",
        custom_error_message=f"a trigger is one of {', '.join(_KINDS)}, one a map",
    ),
]

Triggers = Annotated[tuple[Trigger, ...], BeforeValidator(_in_full), Field(min_length=1), one_or_several(*_WORDS)]
"""One trigger or several; a word stands for the map that says true."""
