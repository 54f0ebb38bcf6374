"""The stages of a customer's life: what lets an account in and out, how long it should take, and its milestones."""

from __future__ import annotations

from pydantic import Field

from keepwell.definitions.base import Documented, ExpressionField
from keepwell.definitions.durations import Days
from keepwell.definitions.names import Name


class Milestone(Documented):
    """Something that an account should have reached by a day."""

    due: Days = Field(description="How long after the account came to the stage")
    reached: ExpressionField = Field(description="Reached once this was true; null counts as false")


class Stage(Documented):
    """A part of a customer's life."""

    order: int = Field(description="Its place: stages are passed from the lowest order up; unique")
    enter: ExpressionField | None = Field(
        None, description="An account comes here when this is true; without it, by hand or by rule alone"
    )
    exit: ExpressionField | None = Field(
        None, description="It leaves when this is true; without it, as soon as it may enter a later stage"
    )
    expected: Days | None = Field(None, description="How long an account should stay at most")
    playbook: Name | None = Field(None, description="The playbook that an account gets when it comes here")
    milestones: dict[Name, Milestone] = Field(default_factory=dict, description="What it should reach, by name")
