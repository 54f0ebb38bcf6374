"""Scorecards: groups of measures, how they add up, whom they are for, and what overrides them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from keepwell.definitions.base import Definition, Documented, ExpressionField, Weight
from keepwell.definitions.measures import Measure
from keepwell.definitions.names import Name

EntityKind = Literal["account", "relationship"]


class Effect(Definition):
    """What an override does to the final score: one of set, at_most, at_least, with a number or a label."""

    set: float | str | None = Field(None, description="The score becomes this")
    at_most: float | str | None = Field(None, description="The score is no higher than this")
    at_least: float | str | None = Field(None, description="The score is no lower than this")

    @model_validator(mode="after")
    def _is_one_effect(self) -> Effect:
        given = [value for value in (self.set, self.at_most, self.at_least) if value is not None]
        if len(given) != 1:
            raise ValueError("an effect has exactly one of set, at_most, at_least")
        if isinstance(given[0], float | int) and not 0 <= given[0] <= 100:
            raise ValueError(f"a score lies between 0 and 100, not at {given[0]:g}")
        return self

    @property
    def kind(self) -> Literal["set", "at_most", "at_least"]:
        return "set" if self.set is not None else "at_most" if self.at_most is not None else "at_least"

    @property
    def value(self) -> float | str:
        return next(value for value in (self.set, self.at_most, self.at_least) if value is not None)


class Override(Definition):
    """A condition that bounds or replaces the final score."""

    name: Name = Field(description="What results call it; unique in the card")
    when: ExpressionField = Field(
        description="Sees attributes, metrics, `measure.<name>`, `group.<name>` and `overall`, all as computed"
    )
    effect: Effect = Field(description="What it does where `when` is true")
    reason: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        None, description="What explanations say when it fires"
    )


def _weighing_problem(part: str, weights: Sequence[float]) -> str | None:
    """Why weights have no shares of their sum; None where they have."""
    if sum(weights) <= 0:
        return f"the weights of its {part}s sum to 0; give at least one {part} a positive weight"
    if not isfinite(sum(weights)):
        return (
            f"the weights of its {part}s sum to more than a number can hold; scale them down, only their shares count"
        )
    return None


class Group(Documented):
    """Measures that are averaged before the groups are."""

    weight: Weight = Field(description="Its part in the card, at least 0; only the share of the sum counts")
    measures: dict[Name, Measure] = Field(min_length=1, description="Each measure by its name, unique in the card")

    @model_validator(mode="after")
    def _weighs_something(self) -> Group:
        if problem := _weighing_problem("measure", [measure.weight for measure in self.measures.values()]):
            raise ValueError(problem)
        return self


class Scorecard(Documented):
    """How an account (or relationship) is scored."""

    entity_kind: EntityKind = Field("account", alias="for", description="Whom it scores")
    order: int | None = Field(
        None, description="The first card in this order that applies is the account's; needed with two cards or more"
    )
    applies_to: ExpressionField | None = Field(
        None, description="Whom it is for, as an expression; everybody unless said here"
    )
    scheme: Name = Field(description="The scheme that labels scores")
    minimum_coverage: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0,
        description="The share of the weight that must be observed, from 0 to 1; below it there is no overall score",
    )
    groups: dict[Name, Group] = Field(min_length=1, description="Each group by its name")
    overrides: tuple[Override, ...] = Field((), description="Conditions that bound or replace the score, in this order")

    @model_validator(mode="after")
    def _adds_up(self) -> Scorecard:
        problem = _weighing_problem("group", [group.weight for group in self.groups.values()])
        problems = [problem] if problem else []
        measures = [name for group in self.groups.values() for name in group.measures]
        twice = sorted({name for name in measures if measures.count(name) > 1})
        if twice:
            problems.append(f"a measure stands once in a card; found twice: {', '.join(twice)}")
        names = [override.name for override in self.overrides]
        if len(set(names)) < len(names):
            problems.append("each override needs a name of its own")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def measures(self) -> dict[str, Measure]:
        """All measures by name, in the order of the card."""
        return {name: measure for group in self.groups.values() for name, measure in group.measures.items()}
