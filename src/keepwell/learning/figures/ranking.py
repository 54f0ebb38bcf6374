"""How well scores put those who left before those who stayed: one sort, then any number of weightings of it.

Scores rise with health, so a loss should have a low one. Ties count as half, or as their expected value under a random
order of what is tied. Only the scores of losses matter as thresholds, so those who stayed are counted between them:
figures of any weighting come from these counts alone, and are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from keepwell.learning.outcomes import Flags, Floats

TOP_DECILE = 0.1

Weights = npt.NDArray[Any]
"""[n] whole or floating numbers, none negative."""
Places = npt.NDArray[np.int64]


class Ranked(NamedTuple):
    """Figures of k weightings, [k] each; NaN where a class weighs nothing.

    `auc`: the chance that somebody lost scored below somebody kept, ties as half (Mann and Whitney 1947; Hanley and
    McNeil 1982). `average_precision`: the mean share of losses among those at or below each lost account's score, the
    step-wise area under the precision-recall curve. `lift`: the loss rate of the lowest tenth of scores against that of
    all.
    """

    auc: Floats
    average_precision: Floats
    lift: Floats


@dataclass(frozen=True)
class Ranking:
    """n observations by score. The scores of losses are G distinct thresholds, ascending.

    `lost_rows`, `kept_rows`: positions of the observations. `threshold`: of each loss, which of the G. `stretch`: of
    each kept one, 2g where its score lies below threshold g and above the one before, 2g + 1 where it equals threshold
    g, 2G where it lies above all.
    """

    thresholds: int
    lost_rows: Places
    threshold: Places
    kept_rows: Places
    stretch: Places
    is_flat: bool  # everybody has the same score, which tells nobody from anybody

    @property
    def stretches(self) -> int:
        return 2 * self.thresholds + 1

    def weighed(self, weights: Weights) -> Ranked:
        """Figures of one weighting of the observations."""
        lost = np.bincount(self.threshold, weights[self.lost_rows], minlength=self.thresholds)
        kept = np.bincount(self.stretch, weights[self.kept_rows], minlength=self.stretches)
        return ranked(kept[:, None], lost[:, None])


def ranking(score: Floats, lost: Flags) -> Ranking:
    """`score`: [n] without NaN; `lost`: [n]."""
    lost_rows, kept_rows = np.flatnonzero(lost), np.flatnonzero(~lost)
    thresholds, threshold = np.unique(score[lost_rows], return_inverse=True)
    kept = score[kept_rows]
    stretch = np.searchsorted(thresholds, kept, side="left") + np.searchsorted(thresholds, kept, side="right")
    is_flat = not len(score) or bool((score == score[0]).all())
    return Ranking(len(thresholds), lost_rows, threshold.reshape(-1), kept_rows, stretch, is_flat)


def ranked(kept: Weights, lost: Weights) -> Ranked:
    """Figures of k weightings from what stayed in each stretch ([2G + 1, k]) and left at each threshold ([G, k])."""
    all_kept, all_lost = kept.sum(axis=0).astype(np.float64), lost.sum(axis=0).astype(np.float64)
    through = np.cumsum(kept, axis=0)
    kept_below, kept_through = through[0:-1:2], through[1::2]
    lost_through = np.cumsum(lost, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        above = all_kept - (kept_below + kept_through) / 2
        auc = (lost * above).sum(axis=0) / (all_lost * all_kept)
        precision = np.where(lost > 0, lost_through / (lost_through + kept_through), 0.0)
        average_precision = np.where(all_kept > 0, (lost * precision).sum(axis=0) / all_lost, np.nan)
        lift = _lift(kept_below, kept_through, lost_through - lost, lost_through, all_kept + all_lost)
    return Ranked(auc, average_precision, np.where(all_kept > 0, lift, np.nan))


def _lift(
    kept_below: Weights, kept_through: Weights, lost_below: Weights, lost_through: Weights, whole: Floats
) -> Floats:
    """Losses up to the edge of the share grow at thresholds only, evenly over what is tied there."""
    found = np.full(len(whole), np.nan)
    for column in range(len(whole)):
        starts, ends = kept_below[:, column] + lost_below[:, column], kept_through[:, column] + lost_through[:, column]
        steps = np.stack([starts, ends], axis=1).ravel()
        losses = np.stack([lost_below[:, column], lost_through[:, column]], axis=1).ravel()
        all_lost = losses[-1] if len(losses) else 0
        if all_lost > 0:
            edge = TOP_DECILE * whole[column]
            found[column] = np.interp(edge, steps, losses) / edge / (all_lost / whole[column])
    return found


def auc(score: Floats, lost: Flags, weights: Weights | None = None) -> float:
    """See `Ranked`. All arrays [n]; NaN where all or none were lost."""
    return float(_once(score, lost, weights).auc[0])


def average_precision(score: Floats, lost: Flags, weights: Weights | None = None) -> float:
    """See `Ranked`. All arrays [n]; NaN where all or none were lost."""
    return float(_once(score, lost, weights).average_precision[0])


def top_decile_lift(score: Floats, lost: Flags, weights: Weights | None = None) -> float:
    """See `Ranked`. All arrays [n]; NaN where all or none were lost."""
    return float(_once(score, lost, weights).lift[0])


def _once(score: Floats, lost: Flags, weights: Weights | None) -> Ranked:
    return ranking(score, lost).weighed(np.ones(len(score)) if weights is None else weights)
