"""From a line and what became of its accounts to the way its values score, with numbers a person would write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.measures import Levels, Linear, Step, Steps
from keepwell.engine.columns import numbers, texts
from keepwell.engine.scoring.shapes import shape_scores
from keepwell.learning.optimizer.binning import bin_of, edges
from keepwell.learning.optimizer.limits import Direction
from keepwell.learning.optimizer.lines import Line
from keepwell.learning.optimizer.odds import health, monotone
from keepwell.learning.optimizer.rounding import SCORE_STEP, plain, round_score, round_values
from keepwell.learning.outcomes import Flags, Floats

RARE = 0.01
"""Texts of a smaller share of the observations score as all others; so many nulls get a score of their own."""
FLAT = SCORE_STEP - 1
"""A knot closer than this to the line between its neighbours says nothing."""

Shape = Linear | Steps | Levels


@dataclass(frozen=True)
class Shaped:
    """A line with its scores. `shape` None: scored as before. `missing`: the score that stands in for none.

    `higher_is_better` is None for texts. `scores`: [n] of the rows it was learned from, 0 to 100, without NaN.
    """

    line: Line
    shape: Shape | None
    missing: float | None
    missing_share: float
    higher_is_better: bool | None
    scores: Floats


def shaped(line: Line, rows: object, lost: Flags, direction: Direction | None) -> Shaped | str:
    """`rows`: [n] positions in the line's values; `lost`: [n]. A text says why the line is of no use."""
    column = line.take(rows)
    if line.kind == "scored":
        return _as_scored(line, numbers(column))
    if line.kind == "word":
        return _by_levels(line, column, lost)
    return _by_thresholds(line, numbers(column), lost, direction)


def scores_of(one: Shaped, rows: object) -> Floats:
    """[n] scores of other rows of the line, what stands in for nulls included."""
    column = one.line.take(rows)
    found = numbers(column) if one.shape is None else shape_scores(one.shape, column)
    return np.where(np.isnan(found), one.missing if one.missing is not None else 0.0, found)


def _as_scored(line: Line, scores: Floats) -> Shaped:
    """The mean stands in for accounts without a score, which then moves nobody on average."""
    missing = np.isnan(scores)
    known = scores[~missing]
    stand_in = float(round_score(known.mean())) if len(known) else 50.0
    return Shaped(
        line,
        None,
        stand_in if missing.any() else None,
        float(missing.mean()),
        True,
        np.where(missing, stand_in, scores),
    )


def _by_thresholds(line: Line, values: Floats, lost: Flags, direction: Direction | None) -> Shaped | str:
    known = ~np.isnan(values)
    higher = is_higher_better(values, lost) if direction is None else direction == "higher_is_better"
    if higher is None:
        return "its values do not differ among the accounts that were learned from"
    upper = edges(values, lost, higher)
    if not len(upper):
        return "no threshold tells the accounts that left from those that stayed"
    bins = bin_of(values, upper)
    count = len(upper) + 1
    totals = np.bincount(bins[known], minlength=count)[:count].astype(np.float64)
    levels = monotone(health(bins, lost, count), totals, rising=higher)
    low, high = float(levels.min()), float(levels.max())
    if high <= low:
        return "no threshold tells the accounts that left from those that stayed"
    scores = 100 * (levels - low) / (high - low)
    shape: Shape = (
        _steps(upper, scores, values[known])
        if line.measure is not None and isinstance(line.measure.score, Steps)
        else _linear([float(np.median(values[known & (bins == b)])) for b in range(count)], scores)
    )
    missing = _missing(lost, ~known, low, high)
    return _finished(line, shape, missing, higher, values, ~known)


def is_higher_better(values: Floats, lost: Flags) -> bool | None:
    """By the sign of the rank correlation with loss; None where it has none."""
    from scipy.stats import rankdata

    known = ~np.isnan(values)
    if known.sum() < 2 or not 0 < lost[known].sum() < known.sum():
        return None
    ranks = rankdata(values[known])
    slope = float(((ranks - ranks.mean()) * (lost[known] - lost[known].mean())).sum())
    return None if slope == 0 else slope < 0


def _by_levels(line: Line, column: pa.ChunkedArray, lost: Flags) -> Shaped | str:
    words = texts(column)
    counts = pc.value_counts(words.drop_null())
    known = sorted(
        (item["values"].as_py() for item in counts if item["counts"].as_py() >= max(RARE * len(words), 2)),
    )
    if len(known) < 2:
        return "its values do not differ among the accounts that were learned from"
    codes = pc.fill_null(pc.index_in(words, value_set=pa.array(known)), -1).to_numpy(zero_copy_only=False)
    levels = health(np.where(codes < 0, len(known), codes).astype(np.int64), lost, len(known))
    low, high = float(levels.min()), float(levels.max())
    if high <= low:
        return "none of its values tells the accounts that left from those that stayed"
    named = {
        word: float(round_score(100 * (level - low) / (high - low))) for word, level in zip(known, levels, strict=True)
    }
    rest = float(round_score(100 * (_rate_health(lost) - low) / (high - low)))
    shape = Levels(levels=dict(sorted(named.items(), key=lambda item: (item[1], item[0]))), otherwise=_else(line, rest))
    nulls = words.is_null().to_numpy(zero_copy_only=False)
    return _finished(line, shape, _missing(lost, nulls, low, high), None, column, nulls)


def _else(line: Line, rest: float) -> float | None:
    """Booleans have no other values."""
    kind = line.values.type
    return None if pa.types.is_boolean(kind) else rest


def _finished(line: Line, shape: Shape, missing: float, higher: bool | None, values: object, nulls: Flags) -> Shaped:
    column = pa.array(values, pa.float64(), from_pandas=True) if isinstance(values, np.ndarray) else values
    found = shape_scores(shape, column)
    share = float(nulls.mean())
    return Shaped(line, shape, missing if share > 0 else None, share, higher, np.where(np.isnan(found), missing, found))


def _missing(lost: Flags, nulls: Flags, low: float, high: float) -> float:
    """By the outcomes of those without a value, drawn to the rate of all as every bin is."""
    level = float(health(nulls.astype(np.int64), lost, 2)[1])
    return float(round_score(100 * (level - low) / (high - low)))


def _rate_health(lost: Flags) -> float:
    rate = float(np.clip(lost.mean(), 1e-6, 1 - 1e-6))
    return float(np.log((1 - rate) / rate))


def _linear(values: Sequence[float], scores: Floats) -> Linear:
    """Knots at the middle of each bin, those left out that lie on the line between others."""
    distinct = [i for i in range(len(values)) if i == 0 or values[i] > values[i - 1]]
    chosen = _bends([values[i] for i in distinct], [float(scores[i]) for i in distinct])
    kept = _without_flat_ends([distinct[i] for i in chosen], [round_score(float(score)) for score in scores])
    written = round_values([values[i] for i in kept])
    return Linear(linear=tuple((plain(x), round_score(float(scores[i]))) for x, i in zip(written, kept, strict=True)))


def _without_flat_ends(knots: list[int], scores: Sequence[int]) -> list[int]:
    """Beyond its ends a line is flat anyway."""
    while len(knots) > 2 and scores[knots[-1]] == scores[knots[-2]]:
        knots = knots[:-1]
    while len(knots) > 2 and scores[knots[0]] == scores[knots[1]]:
        knots = knots[1:]
    return knots


def _bends(values: Sequence[float], scores: Sequence[float]) -> list[int]:
    """Positions to keep so that every other lies within FLAT of the line (Ramer 1972, Douglas and Peucker 1973)."""
    last = len(values) - 1
    if last < 2:
        return list(range(last + 1))
    line = np.interp(values, [values[0], values[-1]], [scores[0], scores[-1]])
    far = np.abs(line - np.asarray(scores))
    worst = int(far.argmax())
    if far[worst] < FLAT:
        return [0, last]
    left, right = _bends(values[: worst + 1], scores[: worst + 1]), _bends(values[worst:], scores[worst:])
    return [*left, *(worst + i for i in right[1:])]


def _steps(upper: Floats, scores: Floats, values: Floats) -> Steps:
    """Whole numbers are cut at whole numbers. Steps that come out with the same score are one."""
    cuts = [float(floor(edge)) for edge in upper] if (values == np.floor(values)).all() else round_values(list(upper))
    rounded = [round_score(float(score)) for score in scores]
    steps = [
        Step(up_to=plain(cut), score=score)
        for i, (cut, score) in enumerate(zip(cuts, rounded, strict=False))
        if rounded[i + 1] != score
    ]
    return Steps(steps=(*steps, Step(score=rounded[-1])))
