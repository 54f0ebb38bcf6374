"""How a shape turned a value into a score, in words."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pyarrow as pa

from keepwell.definitions.measures import Levels, Linear, Percentile, ScoreFormula, ScoreShape, Steps
from keepwell.engine.columns import texts
from keepwell.engine.explain.explanation import Value
from keepwell.engine.explain.wording import number, said


def shape_words(shape: ScoreShape, value: Value) -> str:
    """What the shape says of a value that is not null; of a percentile, nothing about the peers."""
    if isinstance(shape, Levels):
        return _levels(shape, value)
    if isinstance(shape, ScoreFormula):
        return f"by {shape.formula}"
    if isinstance(shape, Percentile):
        return "by its place among its peers"
    if isinstance(value, str | date) or value is None:
        return f"{said(value)} has no number"
    return _linear(shape, float(value)) if isinstance(shape, Linear) else _steps(shape, float(value))


def _linear(shape: Linear, value: float) -> str:
    knots = shape.linear
    if value <= knots[0][0]:
        return _knot(knots[0], "at or below ")
    if value >= knots[-1][0]:
        return _knot(knots[-1], "at or above ")
    for left, right in pairwise(knots):
        if value == right[0]:
            return _knot(right, "at ")
        if value < right[0]:
            return f"between {_knot(left)} and {_knot(right)}"
    raise AssertionError(value)  # the last knot is at or above every value that comes here


def _knot(knot: tuple[float, float], where: str = "") -> str:
    return f"{where}{number(knot[0])} -> {number(knot[1])}"


def _steps(shape: Steps, value: float) -> str:
    lower: float | None = None
    for step in shape.steps:
        if step.up_to is None or value <= step.up_to:
            above = f"above {number(lower)}" if lower is not None else ""
            upto = f"up to {number(step.up_to)}" if step.up_to is not None else ""
            return f"{', '.join(part for part in (above, upto) if part) or 'any value'} -> {number(step.score)}"
        lower = step.up_to
    assert lower is not None
    return f"above {number(lower)}, where no step gives a score"


def _levels(shape: Levels, value: Value) -> str:
    text = _text(value)
    scores = shape.levels
    if isinstance(value, bool):
        scores = {level.lower(): score for level, score in shape.levels.items()}
    if text in scores:
        return f"'{text}' -> {number(scores[text])}"
    if shape.otherwise is not None:
        return f"'{text}' is none of the levels -> {number(shape.otherwise)}"
    return f"'{text}' has no level"


def _text(value: Value) -> str:
    return str(texts(pa.array([value]))[0].as_py())
