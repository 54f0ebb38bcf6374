"""Shapes: from the value of a metric to a score from 0 to 100."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.measures import Levels, Linear, Steps
from keepwell.engine.columns import Column, numbers, one_array, texts
from keepwell.engine.scoring.blocks import BLOCK_ROWS

Floats = npt.NDArray[np.float64]


def linear_scores(shape: Linear, values: Floats, out: Floats | None = None) -> Floats:
    """Piecewise linear between the knots, flat beyond the ends; exact at each knot; NaN for NaN. [n] -> [n].

    A sum of one ramp a segment, each held between 0 and 1: without branches, and monotone where the knots are, since
    each operation is.
    """
    result = np.empty_like(values) if out is None else out
    with np.errstate(over="ignore"):  # far beyond a steep ramp is at its end
        for rows in _blocks(len(values)):
            _linear_block(shape.linear, values[rows], result[rows])
    return result


def _linear_block(knots: tuple[tuple[float, float], ...], values: Floats, score: Floats) -> None:
    np.multiply(values, 0.0, out=score)  # 0, or NaN where the value is NaN
    score += knots[0][1]
    ramp = np.empty_like(values)
    for (left, low), (right, high) in pairwise(knots):
        np.subtract(values, left, out=ramp)
        ramp /= right - left
        np.maximum(ramp, 0.0, out=ramp)
        np.minimum(ramp, 1.0, out=ramp)
        ramp *= high - low
        score += ramp
    clamp(score)


def step_scores(shape: Steps, values: Floats, out: Floats | None = None) -> Floats:
    """The score of the first step whose `up_to` is at or above the value; NaN above the last one without a final
    step.
    """
    result = np.empty_like(values) if out is None else out
    after = [*(step.score for step in shape.steps[1:]), np.nan]  # what counts above each `up_to`
    edges = [(step.up_to, score) for step, score in zip(shape.steps, after, strict=True) if step.up_to is not None]
    for rows in _blocks(len(values)):
        _step_block(shape.steps[0].score, edges, values[rows], result[rows])
    return result


def _step_block(first: float, edges: list[tuple[float, float]], values: Floats, scores: Floats) -> None:
    scores.fill(first)
    for up_to, score in edges:
        np.copyto(scores, score, where=values > up_to)
    np.copyto(scores, np.nan, where=np.isnan(values))


def level_scores(shape: Levels, values: Column) -> Floats:
    """The score of each value's text; `else` for values without a level, NaN where there is none, and for null."""
    array = one_array(values)
    as_dictionary = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    scores = _scores_by_text(shape, pa.types.is_boolean(array.type))
    fallback = np.nan if shape.otherwise is None else shape.otherwise
    words = texts(as_dictionary.dictionary).to_pylist()
    table = np.array([np.nan if word is None else scores.get(word, fallback) for word in words] + [np.nan])
    indices = as_dictionary.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    found: Floats = table[indices]
    return found


def _scores_by_text(shape: Levels, booleans: bool) -> dict[str, float]:
    """YAML reads `true:` as a boolean, which arrives here as True."""
    return {value.lower(): score for value, score in shape.levels.items()} if booleans else dict(shape.levels)


def shape_scores(shape: Linear | Steps | Levels, values: Column, out: Floats | None = None) -> Floats:
    """Scores [n] of a column of values, in `out` if given. Text has no number, so under linear and steps it is
    missing.
    """
    if isinstance(shape, Linear):
        return linear_scores(shape, numbers(values), out)
    if isinstance(shape, Steps):
        return step_scores(shape, numbers(values), out)
    scores = level_scores(shape, values)
    if out is None:
        return scores
    out[...] = scores
    return out


def clamp(scores: Floats) -> Floats:
    """Holds scores within 0..100, in place; NaN stays."""
    np.maximum(scores, 0.0, out=scores)
    np.minimum(scores, 100.0, out=scores)
    return scores


def _blocks(n: int) -> Iterator[slice]:
    """Rows that fit the processor's cache, a block at a time."""
    return (slice(start, start + BLOCK_ROWS) for start in range(0, n, BLOCK_ROWS))
