"""How well sentiments were told, and whether one classifier tells them better than another on the same texts.

Intervals come from resampling texts (Efron 1979), and are widened because the fits of cross-validation share most of
their texts (Nadeau and Bengio 2003): without that, words that tell nothing seem better one time in ten. The seed gives
the draws, and both classifiers get the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.text.classifier import Codes, Floats
from keepwell.text.own.folding import FOLDS

DRAWS = 500
LEVEL = 0.95
_WIDENED = (1 + FOLDS / (FOLDS - 1)) ** 0.5
"""sqrt((1/k + held out/learned from) / (1/k)) of k folds."""


@dataclass(frozen=True)
class Told:
    """What a classifier said of n texts: a score that rises with sentiment, and labels that are all known."""

    scores: Floats  # [n]
    labels: Codes  # [n]


@dataclass(frozen=True)
class Figures:
    """`auc`: the chance that a negative text scored below a positive one, ties as half; None without both kinds.

    `macro_f1`: the mean of the F1 of the three sentiments; of one that neither occurs nor is said, it is 0.
    """

    accuracy: float
    macro_f1: float
    auc: float | None


@dataclass(frozen=True)
class Difference:
    """By how much the second classifier is better, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """`own` against `default`, all on texts that `own` was not trained on."""

    own: Figures
    default: Figures
    auc: Difference
    macro_f1: Difference

    @property
    def is_better(self) -> bool:
        """Surely better at telling negative from positive, and no worse at the three sentiments."""
        return self.auc.low > 0 and self.macro_f1.value >= 0


def figures(truth: Codes, told: Told) -> Figures:
    """`truth`: [n] places in `SENTIMENTS`."""
    weights = np.ones((len(truth), 1))
    found = float(auc(truth, told.scores, weights)[0])
    return Figures(
        float((told.labels == truth).mean()),
        float(macro_f1(truth, told.labels, weights)[0]),
        None if np.isnan(found) else found,
    )


def compare(truth: Codes, own: Told, default: Told, seed: int) -> Comparison:
    """Differences are own less default."""
    drawn = draws(len(truth), seed)
    once = np.ones((len(truth), 1))

    def difference(weights: Floats) -> tuple[Floats, Floats]:
        ranked = auc(truth, own.scores, weights) - auc(truth, default.scores, weights)
        return ranked, macro_f1(truth, own.labels, weights) - macro_f1(truth, default.labels, weights)

    value, spread = difference(once), difference(drawn)
    return Comparison(
        figures(truth, own),
        figures(truth, default),
        *(_difference(one, many) for one, many in zip(value, spread, strict=True)),
    )


def draws(texts: int, seed: int) -> Floats:
    """[texts, DRAWS] how often each text was drawn."""
    random = np.random.default_rng(seed)
    return random.multinomial(texts, np.full(texts, 1 / texts), DRAWS).T.astype(np.float64)


def auc(truth: Codes, scores: Floats, weights: Floats) -> Floats:
    """[k] of k weightings of n texts ([n, k]); NaN without a negative or a positive text (Mann and Whitney 1947)."""
    decided = truth != 1
    places = np.unique(scores[decided], return_inverse=True)[1].reshape(-1)
    is_positive = truth[decided] == 2
    weighed = weights[decided]
    negative, positive = (_sums(places[at], weighed[at]) for at in (~is_positive, is_positive))
    height = max(len(negative), len(positive))
    negative, positive = (np.pad(one, ((0, height - len(one)), (0, 0))) for one in (negative, positive))
    below = np.cumsum(negative, axis=0) - negative / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((positive * below).sum(axis=0) / (negative.sum(axis=0) * positive.sum(axis=0)))


def macro_f1(truth: Codes, labels: Codes, weights: Floats) -> Floats:
    """[k] of k weightings of n texts ([n, k])."""
    found = np.zeros(weights.shape[1])
    for one in range(3):
        right = weights[(truth == one) & (labels == one)].sum(axis=0)
        said = weights[truth == one].sum(axis=0) + weights[labels == one].sum(axis=0)
        found += 2 * right / np.where(said > 0, said, 1)
    return found / 3


def _sums(places: Codes, weights: Floats) -> Floats:
    """[highest place + 1, k] weights summed by place."""
    if not len(places):
        return np.zeros((1, weights.shape[1]))
    order = np.argsort(places, kind="stable")
    through = np.concatenate([np.zeros((1, weights.shape[1])), np.cumsum(weights[order], axis=0)])
    ends = np.cumsum(np.bincount(places))
    return np.asarray(np.diff(through[np.concatenate([[0], ends])], axis=0))


def _difference(value: Floats, spread: Floats) -> Difference:
    defined = spread[np.isfinite(spread)]
    if not len(defined):
        return Difference(float(value[0]), float("nan"), float("nan"))
    edges = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    low, high = value[0] + _WIDENED * (edges - value[0])
    return Difference(float(value[0]), float(low), float(high))
