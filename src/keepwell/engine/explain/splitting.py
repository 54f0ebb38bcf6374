"""The change of a computed score split over measures, as arrays: exact, for one entity or a hundred thousand.

A computed score is c = sum(w_j s_j) with effective weights that sum to 1. From (w0, s0) to (w1, s1), for measures with
a score at both ends

    c1 - c0 = sum( w0_j (s1_j - s0_j) )  +  sum( (w1_j - w0_j) (s1_j - c0) )

where the first sum is what scores moved and the second what weights moved: since both sets of weights sum to 1, taking
c0 off each score changes nothing in the sum, and a measure whose weight grows helps where it scores better than the
whole did. A measure with a score at one end only moves weight: w1_j (s1_j - c0) if it came, -w0_j (s0_j - c0) if it
went.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keepwell.engine.scores import CardScores
from keepwell.engine.scoring.validity import Settled

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lines:
    """What k entities have on one card of m measures. All `computed` are there."""

    measures: tuple[str, ...]
    scores: Floats  # [m, k] NaN where there is none
    weights: Floats  # [m, k] effective, 0 where a measure does not count
    computed: Floats  # [k]


@dataclass(frozen=True)
class Moves:
    """`by_score` and `by_weight` [u, k] in points, over the u measures that either card has; together c1 - c0."""

    measures: tuple[str, ...]
    by_score: Floats
    by_weight: Floats

    @property
    def total(self) -> Floats:
        """[u, k]"""
        return self.by_score + self.by_weight


def lines_of(card: CardScores, at: npt.NDArray[np.int64] | Sequence[int]) -> Lines:
    """Those of the entities at positions `at` of a card."""
    places = np.asarray(at, np.int64)
    freshness = np.stack([_freshness(settled, places) for settled in card.settled])
    weights = card.whole_weights[:, None] * freshness * card.factors[:, places][card.group_of]
    return Lines(card.measures, card.measure_scores[:, places], weights, card.computed[places])


def _freshness(settled: Settled, places: npt.NDArray[np.int64]) -> Floats:
    if settled.freshness is not None:
        return settled.freshness[places]
    return np.where(np.isnan(settled.scores[places]), 0.0, 1.0)


def split(old: Lines, new: Lines) -> Moves:
    """What each measure moved, in the order of the new card, then those that only the old one has."""
    names = tuple(dict.fromkeys((*new.measures, *old.measures)))
    s0, w0 = spread(old, names)
    s1, w1 = spread(new, names)
    there0, there1 = ~np.isnan(s0), ~np.isnan(s1)
    both = there0 & there1
    by_score = np.where(both, w0 * (s1 - s0), 0.0)
    latest = np.where(there1, s1, s0)
    by_weight = np.where(there0 | there1, (w1 - w0) * (latest - old.computed), 0.0)
    return Moves(names, by_score, by_weight)


def spread(lines: Lines, names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Scores and weights [u, k] over `names`; NaN and 0 for measures that the card does not have."""
    shape = (len(names), len(lines.computed))
    scores, weights = np.full(shape, np.nan), np.zeros(shape)
    rows = [names.index(name) for name in lines.measures]
    scores[rows], weights[rows] = lines.scores, lines.weights
    return scores, weights
