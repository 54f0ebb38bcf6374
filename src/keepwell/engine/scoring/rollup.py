"""The roll-up: from measures to groups, to the overall score, and back to contributions.

The formulas are those of the definition reference, "Roll-up"; the names here are the letters there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from keepwell.engine.scoring.blocks import BLOCK_ROWS, over_blocks
from keepwell.engine.scoring.sums import Sum

Floats = npt.NDArray[np.float64]
PerMeasure = Floats | Sequence[Floats | None] | None
"""A matrix [m, n], or for each measure a vector [n] or None."""

COVERAGE_TOLERANCE = 1e-9
"""A coverage this close below the minimum has reached it: 0.1 + 0.2 of 0.3 is all of it."""

_EXACT = 2**31
"""Whole weights up to this keep sums of weight times whole score exact in float64."""


@dataclass(frozen=True)
class RollUp:
    """Scores of n entities, of G groups and m measures. NaN is null.

    `contributions` [m, n] sum to `overall`: 0 for a measure that does not count, null where the overall is null; None
    if they were not asked for. `factors` [G, n]: times w_j f_j, the effective weight of a measure (0 for a null
    group, null where the overall is null).
    """

    overall: Floats  # [n]
    groups: Floats  # [G, n]
    coverage: Floats  # [n]
    group_coverage: Floats  # [G, n]
    factors: Floats  # [G, n]
    contributions: Floats | None  # [m, n]


@dataclass(frozen=True)
class _Card:
    """What all blocks share: inputs and outputs."""

    scores: Floats
    freshness: PerMeasure
    observed_share: PerMeasure
    weights: Floats
    members: tuple[tuple[int, ...], ...]
    group_weights: Floats
    minimum_coverage: float
    result: RollUp


def roll_up(
    scores: Floats,
    freshness: PerMeasure,
    observed_share: PerMeasure,
    weights: npt.ArrayLike,
    group_of: Sequence[int] | npt.NDArray[np.intp],
    group_weights: npt.ArrayLike,
    minimum_coverage: float = 0.0,
    *,
    contributions: bool = True,
    block: int = BLOCK_ROWS,
    threads: int | None = None,
) -> RollUp:
    """Weighted means of measures within groups and of groups within the card.

    `scores` [m, n] float64 in 0..100, NaN for null. `freshness` is f_j in 0..1; None (for all or one measure) means 1
    where there is a score; a given one must be 0 where the score is null. `observed_share` is o_j; None means f_j.
    `weights` [m] and `group_weights` [G] are >= 0 with a positive sum in each group and over the groups; `group_of`
    [m] is the index of each measure's group. Sums run in the order of the measures, so the result is the same to the
    bit whatever `block` and `threads` are. Means are held within 0..100, out of which rounding could carry them by
    one last digit.
    """
    m, n = scores.shape
    w, big_w = np.asarray(weights, np.float64), np.asarray(group_weights, np.float64)
    groups = len(big_w)
    result = RollUp(
        overall=np.empty(n),
        groups=np.empty((groups, n)),
        coverage=np.empty(n),
        group_coverage=np.empty((groups, n)),
        factors=np.empty((groups, n)),
        contributions=np.empty((m, n)) if contributions else None,
    )
    members = tuple(tuple(j for j in range(m) if group_of[j] == g) for g in range(groups))
    card = _Card(scores, freshness, observed_share, w, members, big_w, minimum_coverage, result)
    over_blocks(lambda rows: _roll_up_block(card, rows), n, block=block, threads=threads)
    return result


def whole(weights: Sequence[float]) -> tuple[float, ...]:
    """The same proportions in the smallest whole numbers, where the weights are decimals that allow it.

    0.1 and 0.7 become 1 and 7: then the mean of equal scores is that score to the bit, and cannot slip over the edge
    of a band; and weights given as shares, percent or points give the same bits. Others are returned as they are.
    """
    exact = [Fraction(repr(float(weight))) for weight in weights]
    scale = lcm(*(fraction.denominator for fraction in exact))
    numbers = [int(fraction * scale) for fraction in exact]
    divisor = max(int(np.gcd.reduce(numbers)) if max(numbers) < _EXACT else 1, 1)
    if max(numbers) // divisor >= _EXACT:
        largest = max(exact)
        huge = largest > 1e100  # as shares of the largest, then: no sum of them is out of range
        return tuple(float(fraction / largest if huge else fraction) for fraction in exact)
    return tuple(float(number // divisor) for number in numbers)


def _roll_up_block(card: _Card, rows: slice) -> None:
    sums = []
    with np.errstate(invalid="ignore", divide="ignore"):
        for g, members in enumerate(card.members):
            sums.append(_group(card, g, members, rows))
        total = _overall(card, rows)
        for g, members in enumerate(card.members):
            _factors(card, g, sums[g], total, rows)
            if card.result.contributions is not None:
                for j in members:
                    card.result.contributions[j, rows] *= card.result.factors[g, rows]


def _group(card: _Card, g: int, members: tuple[int, ...], rows: slice) -> Sum:
    """Fills G and c_G of one group; returns sum(w f). Contributions hold w f s until the factors are known."""
    score, coverage = card.result.groups[g, rows], card.result.group_coverage[g, rows]
    score.fill(0.0)
    scratch = np.empty_like(score)
    counted, observed, every = Sum(), Sum(), 0.0
    for j in members:
        term = scratch if card.result.contributions is None else card.result.contributions[j, rows]
        weight = _weighted_term(card, j, rows, term)
        score += term
        counted.add(weight)
        share = _of(card.observed_share, j)
        observed.add(weight if share is None else share[rows] * card.weights[j])
        every += card.weights[j]
    np.divide(score, counted.value, out=score)
    np.minimum(score, 100.0, out=score)
    np.divide(observed.value, every, out=coverage)
    return counted


def _weighted_term(card: _Card, j: int, rows: slice, term: Floats) -> Floats | float:
    """Writes w f s into `term` and returns w f: a number where it is the same for all rows of the block."""
    score, w, freshness = card.scores[j, rows], float(card.weights[j]), _of(card.freshness, j)
    np.fmax(score, 0.0, out=term)  # fmax takes the number where the other is NaN: a null counts for nothing
    if freshness is not None:
        weight = freshness[rows] * w
        term *= weight
        return weight
    term *= w
    return _where_scored(score, w)


def _overall(card: _Card, rows: slice) -> Sum:
    """Fills S and c; returns the sum of W over the groups that are not null."""
    overall, coverage = card.result.overall[rows], card.result.coverage[rows]
    overall.fill(0.0)
    coverage.fill(0.0)
    counted, every = Sum(), 0.0
    for g, weight in enumerate(card.group_weights):
        score = card.result.groups[g, rows]
        overall += np.fmax(score, 0.0) * weight
        counted.add(_where_scored(score, float(weight)))
        coverage += card.result.group_coverage[g, rows] * weight
        every += weight
    np.divide(overall, counted.value, out=overall)
    np.minimum(overall, 100.0, out=overall)
    np.divide(coverage, every, out=coverage)
    if card.minimum_coverage > 0:
        overall[coverage < card.minimum_coverage - COVERAGE_TOLERANCE] = np.nan
    return counted


def _where_scored(score: Floats, weight: float) -> Floats | float:
    """The weight where there is a score, else 0; one number where all are scored."""
    missing = np.isnan(score)
    return np.where(missing, 0.0, weight) if missing.any() else weight


def _factors(card: _Card, g: int, counted: Sum, total: Sum, rows: slice) -> None:
    factor = card.result.factors[g, rows]
    factor[...] = card.group_weights[g] / total.value / counted.value
    factor[np.isnan(card.result.groups[g, rows])] = 0.0
    factor[np.isnan(card.result.overall[rows])] = np.nan


def _of(per_measure: PerMeasure, j: int) -> Floats | None:
    return None if per_measure is None else per_measure[j]
