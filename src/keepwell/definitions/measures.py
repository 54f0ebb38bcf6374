"""Measures: the lines of a scorecard, and the shapes that turn a value into a score from 0 to 100."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, Union

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from keepwell.definitions.base import Definition, Documented, ExpressionField, Score, Weight
from keepwell.definitions.durations import Days
from keepwell.definitions.names import Name


class Linear(Definition):
    """Piecewise linear between knots of increasing value, flat beyond the ends."""

    linear: tuple[tuple[float, Score], ...] = Field(min_length=1, description="Knots: pairs of a value and its score")

    @model_validator(mode="after")
    def _values_increase(self) -> Linear:
        for (left, _), (right, _) in pairwise(self.linear):
            if right <= left:
                raise ValueError(f"knots need increasing values: {right:g} comes after {left:g}")
        return self


class Step(Definition):
    """One step: the score of values up to an edge."""

    up_to: float | None = Field(None, description="Values up to and including this; left out in the last step")
    score: Score = Field(description="The score of values in this step, from 0 to 100")


class Steps(Definition):
    """The first step whose `up_to` is at or above the value."""

    steps: tuple[Step, ...] = Field(
        min_length=1,
        description="By increasing `up_to`; without a last step that leaves it out, values above have no score",
    )

    @model_validator(mode="after")
    def _steps_ascend(self) -> Steps:
        edges = [step.up_to for step in self.steps]
        if None in edges[:-1]:
            raise ValueError("only the last step may leave out 'up_to'")
        known = [edge for edge in edges if edge is not None]
        for left, right in pairwise(known):
            if right <= left:
                raise ValueError(f"'up_to' must increase from step to step: {right:g} comes after {left:g}")
        return self


class Levels(Definition):
    """A score for each value of a text or boolean; `else` for all other values."""

    levels: dict[str, Score] = Field(
        min_length=1, description="The score of each value; booleans are `true` and `false`"
    )
    otherwise: Score | None = Field(
        None, alias="else", description="The score of all other values; without it they have none. Null never has one"
    )

    @model_validator(mode="before")
    @classmethod
    def _else_may_stand_among_the_levels(cls, data: Any) -> Any:
        levels = data.get("levels") if isinstance(data, dict) else None
        if isinstance(levels, dict) and "else" in levels and "else" not in data:
            rest = {value: score for value, score in levels.items() if value != "else"}
            return {**data, "levels": rest, "else": levels["else"]}
        return data


class Within(Definition):
    """Whom an account is compared with."""

    within: ExpressionField | None = Field(
        None, description="Peers have the same value of this; without it everybody is a peer, where it is null nobody"
    )
    descending: bool = Field(False, description="True where a smaller value is better")


def _with_descending(schema: dict[str, Any]) -> None:
    schema["properties"]["descending"] = {
        "type": "boolean",
        "default": False,
        "description": "The same as `descending` in `percentile`: true where a smaller value is better",
    }


class Percentile(Definition):
    """Where the account stands among the accounts with the same `within`."""

    model_config = ConfigDict(json_schema_extra=_with_descending)

    percentile: Within = Field(description="`{}` to compare with everybody")

    @model_validator(mode="before")
    @classmethod
    def _descending_may_stand_beside(cls, data: Any) -> Any:
        within = data.get("percentile") if isinstance(data, dict) else None
        if not isinstance(within, dict) or "descending" not in data:
            return data
        if "descending" in within:
            raise ValueError("'descending' stands beside 'percentile' and in it; say it once")
        rest = {key: value for key, value in data.items() if key != "descending"}
        return {**rest, "percentile": {**within, "descending": data["descending"]}}


class ScoreFormula(Definition):
    """An expression of `value`."""

    formula: ExpressionField = Field(description="Knows one name, `value`; the result is held within 0 to 100")


_SHAPES = {"linear": Linear, "steps": Steps, "levels": Levels, "percentile": Percentile, "formula": ScoreFormula}


def _shape_of(data: Any) -> str | None:
    if isinstance(data, Definition):
        return next(f"score by {shape}" for shape, model in _SHAPES.items() if isinstance(data, model))
    named = [shape for shape in _SHAPES if isinstance(data, dict) and shape in data]
    return f"score by {named[0]}" if len(named) == 1 else None


ScoreShape = Annotated[
    Union[  # noqa: UP007 - a discriminated union is written this way
        Annotated[Linear, Tag("score by linear")],
        Annotated[Steps, Tag("score by steps")],
        Annotated[Levels, Tag("score by levels")],
        Annotated[Percentile, Tag("score by percentile")],
        Annotated[ScoreFormula, Tag("score by formula")],
    ],
    Discriminator(
        _shape_of,
        custom_error_type="score_shape",
        custom_error_message="a score has exactly one of linear, steps, levels, percentile, formula",
    ),
]

Source = Literal["manual", "rule", "api", "metric"]


class Level(Definition):
    """One choice of a score that people enter."""

    score: Score = Field(description="The score of this choice, from 0 to 100")
    label: str = Field(description="What people choose")
    help: str | None = Field(None, description="When this is the right choice")


class Imputed(Definition):
    """Stands in for a missing score."""

    score: Score = Field(description="The score that stands in; marked as imputed and no part of the coverage")


class Measure(Documented):
    """One line of a scorecard."""

    weight: Weight = Field(description="Its part in the group, at least 0; only the share of the sum counts")
    metric: Name | None = Field(None, description="The metric it reads; the one of its own name unless said here")
    manual: bool = Field(
        False, description="True where people enter the score; then `sources` is `[manual]` unless said otherwise"
    )
    score: ScoreShape | None = Field(None, description="How a value of the metric becomes a score")
    levels: tuple[Level, ...] = Field((), description="manual: the choices, worst first, with help for each")
    sources: tuple[Source, ...] | None = Field(
        None,
        description="Where a score may come from, the first live one wins; `[metric]` unless said here or `manual`",
        min_length=1,
    )
    arbitration: Literal["first", "latest"] = Field(
        "first", description="first: the order of `sources` decides; latest: the last writer wins"
    )
    valid_for: Days | None = Field(
        None, description="How many days an observation counts as fresh; always unless said here"
    )
    when_stale: Literal["flag", "drop", "decay"] = Field(
        "flag", description="Past `valid_for`: counted and marked, left out, or fading to nothing at twice the time"
    )
    when_missing: Literal["skip"] | Imputed = Field(
        "skip", description="Without a value: the others carry its weight, or a score stands in"
    )
    scheme: Name | None = Field(None, description="The scheme that labels this measure; the card's unless said here")

    @property
    def source_order(self) -> tuple[Source, ...]:
        """Where a score may come from, in order; what `sources` says, else what the measure is."""
        return self.sources or (("manual",) if self.manual else ("metric",))

    @property
    def reads_metric(self) -> bool:
        return "metric" in self.source_order

    @model_validator(mode="after")
    def _is_complete(self) -> Measure:
        problems = []
        if len(set(self.source_order)) < len(self.source_order):
            problems.append("each source stands once in 'sources'")
        if self.reads_metric and self.score is None:
            problems.append(
                "a measure that reads a metric needs 'score': one of linear, steps, levels, percentile, formula"
            )
        if not self.reads_metric and (self.score is not None or self.metric is not None):
            problems.append("'score' and 'metric' are for measures that have metric among their sources")
        if self.levels and not self.manual:
            problems.append("'levels' beside 'weight' are the choices of a manual measure; add 'manual: true'")
        if self.when_stale == "decay" and self.valid_for is None:
            problems.append("'when_stale: decay' needs 'valid_for': it decays over that time")
        if problems:
            raise ValueError("; ".join(problems))
        return self
