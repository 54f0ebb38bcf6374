"""Which better scores one measure could take, and what its value would have to be for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, inf, log10

import numpy as np

from keepwell.definitions.measures import Levels, Linear, Measure, Percentile, Steps
from keepwell.definitions.metrics import AggregateMetric, MetricBase
from keepwell.engine.explain.explanation import Value
from keepwell.engine.explain.wording import number
from keepwell.engine.scoring.shapes import linear_scores

_COUNTING = frozenset({"count", "count_distinct", "days_active", "distinct_days", "days_since_latest"})
_FINENESS = 3
"""Values are proposed to a thousandth of the range of a shape, or whole where they are counts."""


@dataclass(frozen=True)
class Option:
    """A score that a measure could have; `value` of its metric that gives it, None where none can be named."""

    score: float
    words: str
    value: Value = None


def options(
    measure: Measure, metric: MetricBase | None, value: Value, score: float | None, *, entered: bool
) -> list[Option]:
    """Every better score, lowest first. `score` is the one it has, None for none; `entered`: people say it.

    A linear shape is offered in whole points as far as it goes, steps and levels in what they give, a manual measure
    in its levels. What has neither (percentile, formula, a manual measure without levels) goes to 100 in whole points.
    """
    shape = measure.score
    if entered or shape is None:
        found = _entered(measure, score)
    elif isinstance(shape, Linear):
        found = _linear(shape, value, score, _decimals([knot for knot, _ in shape.linear], metric))
    elif isinstance(shape, Steps):
        edges = [step.up_to for step in shape.steps if step.up_to is not None]
        found = _steps(shape, value, _decimals(edges, metric))
    elif isinstance(shape, Levels):
        found = _levels(shape, value)
    else:
        words = "a percentile of at least {}" if isinstance(shape, Percentile) else "a value that scores at least {}"
        found = (Option(float(points), words.format(points)) for points in _whole(score, 100))
    better = {option.score: option for option in found if score is None or option.score > score}
    return [better[points] for points in sorted(better)]


def _whole(score: float | None, top: float) -> range:
    """Whole points above a score, up to `top`."""
    return range(0 if score is None else floor(score) + 1, floor(top) + 1)


def _entered(measure: Measure, score: float | None) -> Iterator[Option]:
    if measure.levels:
        return (Option(level.score, f"entered as {level.label}") for level in measure.levels)
    return (Option(float(points), f"entered as {points}") for points in _whole(score, 100))


def _decimals(edges: Sequence[float], metric: MetricBase | None) -> int:
    if isinstance(metric, AggregateMetric) and metric.aggregate.function in _COUNTING:
        return 0
    spread = max(edges) - min(edges) or abs(edges[0]) or 1.0
    return max(0, _FINENESS - 1 - floor(log10(spread)))


def _linear(shape: Linear, value: Value, score: float | None, decimals: int) -> Iterator[Option]:
    now = float(value) if isinstance(value, int | float) else None
    for points in _whole(score, max(high for _, high in shape.linear)):
        exact = _nearest(shape, now, float(points))
        outward = ceil if _upwards(shape, now, exact) else floor
        rounded = outward(round(exact * 10**decimals, 6)) / 10**decimals
        given = _at(shape, rounded)
        if given < points:  # rounding ran past a peak of the shape
            rounded, given = exact, float(points)
        side = "at least" if outward is ceil else "at most"
        yield Option(given, f"{side} {number(rounded)}", rounded)


def _nearest(shape: Linear, now: float | None, score: float) -> float:
    """The value nearest to the present one that gives a score or more; without one, the one that gives least more."""
    found = [knot for knot, high in shape.linear if high >= score]
    for (left, low), (right, high) in pairwise(shape.linear):
        if min(low, high) < score < max(low, high):
            found.append(left + (score - low) / (high - low) * (right - left))
    if now is not None:
        return min(found, key=lambda one: abs(one - now))
    return min(found, key=lambda one: _at(shape, one))


def _upwards(shape: Linear, now: float | None, there: float) -> bool:
    """Whether more than `there` is safer than less: away from the present value, else where the shape rises."""
    if now is not None:
        return there >= now
    further = there + (shape.linear[-1][0] - shape.linear[0][0]) * 1e-6
    return _at(shape, further) >= _at(shape, there)


def _at(shape: Linear, value: float) -> float:
    return float(linear_scores(shape, np.array([value]))[0])


def _steps(shape: Steps, value: Value, decimals: int) -> Iterator[Option]:
    now = float(value) if isinstance(value, int | float) else None
    lower = -inf
    for step in shape.steps:
        upper = inf if step.up_to is None else step.up_to
        if upper < inf and (now is None or now > upper):
            yield Option(step.score, f"at most {number(upper)}", upper)
        elif lower > -inf:
            yield Option(step.score, f"above {number(lower)}", min(lower + 10.0**-decimals, upper))
        elif now is None:
            yield Option(step.score, "any value", 0.0)
        lower = upper


def _levels(shape: Levels, value: Value) -> Iterator[Option]:
    for text, score in shape.levels.items():
        if isinstance(value, bool):
            yield Option(score, text.lower(), text.lower() == "true")
        else:
            yield Option(score, f"‘{text}’", text if isinstance(value, str) else None)
