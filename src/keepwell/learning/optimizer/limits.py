"""Limits: what a person decides beforehand about a proposal. The language of limits.yaml.

```yaml
fixed: [executive_relationship]              # keeps its scoring and its share of the card
weights: {seat_utilisation: {at_least: 10, at_most: 40}}     # per cent of the card
groups: {relationship: {at_least: 20}}       # per cent of the card
most_measures: 8
direction: {tickets_90d: lower_is_better}
additions: [sticky_features_28d]             # true: any metric; false: none
leave_out: [workshops_held]                  # metrics and measures that the proposal must not hold
trust: [seats]                               # attributes without history that were then as they are now
features: {dataset: usage, column: feature}  # where the features of the product stand
```
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from keepwell.definitions.base import Definition
from keepwell.definitions.datasets import Column
from keepwell.definitions.names import Name

Direction = Literal["higher_is_better", "lower_is_better"]
Percent = Annotated[float, Field(ge=0, le=100)]


class Share(Definition):
    """A range for a share of the card, in per cent."""

    at_least: Percent = Field(0.0, description="No less than this, in per cent of the card")
    at_most: Percent = Field(100.0, description="No more than this, in per cent of the card")

    @model_validator(mode="after")
    def _is_a_range(self) -> Share:
        if self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least:g} is above at_most {self.at_most:g}")
        return self


class Least(Definition):
    """The least share of the card, in per cent."""

    at_least: Percent = Field(description="No less than this, in per cent of the card")


class Features(Definition):
    """Where the features of the product stand: each row of the dataset is a use of the one named in the column."""

    dataset: Name = Field(description="A dataset of facts")
    column: Column = Field(description="The column that names the feature")


class Limits(Definition):
    """What a proposal may do; without any, everything."""

    fixed: tuple[Name, ...] = Field((), description="Measures that keep their scoring and their share of the card")
    weights: dict[Name, Share] = Field(default_factory=dict, description="Shares of measures of the card, in per cent")
    groups: dict[Name, Least] = Field(default_factory=dict, description="Least shares of groups, in per cent")
    most_measures: Annotated[int, Field(ge=1)] | None = Field(None, description="At most so many measures")
    direction: dict[Name, Direction] = Field(
        default_factory=dict, description="Which values of a measure or metric are better; learned unless said here"
    )
    additions: bool | tuple[Name, ...] = Field(
        True, description="Metrics that may be added: true for any, false for none, or a list"
    )
    leave_out: tuple[Name, ...] = Field((), description="Measures and metrics that the proposal must not hold")
    trust: tuple[Column, ...] = Field(
        (), description="Attributes and datasets without history that were then as they are now; all for every one"
    )
    features: Features | None = Field(None, description="Where uses of product features stand; found unless said here")

    @model_validator(mode="after")
    def _can_be_met(self) -> Limits:
        problems = [f"'{name}' is fixed and left out; choose one" for name in self.fixed if name in self.leave_out]
        problems += [f"'{name}' is fixed: its share is the one it has" for name in self.fixed if name in self.weights]
        for what, asked in (("weights", self.weights.values()), ("groups", self.groups.values())):
            total = sum(one.at_least for one in asked)
            if total > 100:
                problems.append(f"the least shares under '{what}' add up to {total:g} per cent; 100 are there to share")
        must = {*self.fixed, *(name for name, share in self.weights.items() if share.at_least > 0)}
        if self.most_measures is not None and len(must) > self.most_measures:
            problems.append(f"{len(must)} measures must stay, and most_measures allows {self.most_measures}")
        if problems:
            raise ValueError("; ".join(problems))
        return self
