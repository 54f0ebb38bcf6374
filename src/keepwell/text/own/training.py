"""Trains a classifier on a team's own texts, and says whether it is better than the one that ships."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from keepwell.errors import RequestRefused
from keepwell.text.classifier import SENTIMENTS, UNKNOWN, Classifier, Codes, Floats, judge, labels_of
from keepwell.text.lexicon import lexicon
from keepwell.text.own.counting import Counted, counted
from keepwell.text.own.figures import Comparison, Told, compare
from keepwell.text.own.fitting import Fit, calibrated, calibration, emphasis, fit, held_out_logits
from keepwell.text.own.folding import folds
from keepwell.text.own.linear import Block, Linear
from keepwell.text.own.scales import Scale
from keepwell.text.own.storing import versioned
from keepwell.text.reading import readable

LEAST_TEXTS = 150
LEAST_OF_EACH = 15
MOST_TEXTS = 20_000
"""Of more, this many are drawn by the seed: what more would teach is little, and what they cost grows."""


@dataclass(frozen=True)
class Trained:
    """`classifier` is trained on all texts; `comparison` is of texts held out in turn (cross-validation).

    `truth` and `held_out`: of the texts that were used, in their order, what they are and what was said of each by a
    classifier that had not seen it.
    """

    classifier: Linear
    comparison: Comparison
    texts: tuple[int, ...]
    """How many were negative, neutral and positive."""
    truth: Codes
    held_out: Told

    @property
    def chosen(self) -> Classifier:
        """The trained one where it is surely better on held-out texts, else the one that ships."""
        return self.classifier if self.comparison.is_better else lexicon()

    def to_words(self) -> str:
        found = self.comparison
        verdict = (
            "It is used."
            if found.is_better
            else "The one that ships stays in use: the trained one is not surely better."
        )
        return (
            f"Trained on {sum(self.texts)} texts ({_by_sentiment(self.texts)}). On texts held out, AUC "
            f"{_auc(found.own.auc)} against {_auc(found.default.auc)} of the lexicon (difference "
            f"{found.auc.low:+.3f} to {found.auc.high:+.3f}), "
            f"macro F1 {found.own.macro_f1:.3f} against {found.default.macro_f1:.3f}. {verdict}"
        )


def train(texts: Sequence[str | None], scores: Sequence[float | None], scale: Scale, seed: int = 0) -> Trained:
    """Texts without content or score are left out. The same texts in the same order give the same bits.

    Raises RequestRefused for too few texts, scores outside the scale, or where scikit-learn is not installed.
    """
    _require_learning()
    from threadpoolctl import threadpool_limits

    read, labels = _usable(texts, scale.labels(_as_many(texts, scores)), seed)
    _enough(labels)
    with threadpool_limits(
        1
    ):  # the same sums in the same order on any machine, and threads only wait for small matrices
        return _trained(read, labels, scale, seed)


def _trained(read: Sequence[str], labels: Codes, scale: Scale, seed: int) -> Trained:
    everything, fold = counted(read), folds(read, labels, seed)
    logits = held_out_logits(everything, labels, fold)
    held_out = _held_out(logits, labels, fold)
    comparison = compare(labels, held_out, told_by(lexicon(), read), seed)
    by = calibration(logits, labels)
    final = fit(everything, np.arange(len(read)), labels).calibrated(by)
    lean = emphasis(calibrated(by, logits), labels)
    numbers = tuple(int(one) for one in np.bincount(labels, minlength=3))
    told = {"scale": asdict(scale), "seed": seed, "texts": numbers, "held_out": asdict(comparison)}
    return Trained(_linear(everything, final, lean, told), comparison, numbers, labels, held_out)


def _held_out(logits: Floats, labels: Codes, fold: Codes) -> Told:
    """Calibration and emphasis, too, are learned from the other folds alone."""
    scores, said = np.empty(len(labels)), np.empty(len(labels), np.int64)
    for one in np.unique(fold):
        out, rest = fold == one, fold != one
        by = calibration(logits[rest], labels[rest])
        lean = emphasis(calibrated(by, logits[rest]), labels[rest])
        found = calibrated(by, logits[out])
        scores[out], said[out] = found[:, 2] - found[:, 0], labels_of(found, lean)
    return Told(scores, said)


def told_by(classifier: Classifier, texts: Sequence[str]) -> Told:
    """What it cannot judge counts as neutral: that is what a page would have to do with it."""
    found = judge(classifier, texts)
    return Told(np.nan_to_num(found.scores, nan=0.0), np.where(found.labels == UNKNOWN, 1, found.labels))


def _linear(texts: Counted, final: Fit, lean: Floats, told: dict[str, Any]) -> Linear:
    blocks, start = [], 0
    for names, one in zip(texts.names, final.kept, strict=True):
        end = start + len(one.at)
        blocks.append(Block(tuple(names[at] for at in one.at), one.idf, final.coefficients[start:end]))
        start = end
    return versioned(
        Linear("", tuple(blocks), final.coefficients[-1], final.intercepts, lean, lexicon().version, told=told)
    )


def _as_many(texts: Sequence[str | None], scores: Sequence[float | None]) -> Sequence[float | None]:
    if len(texts) != len(scores):
        raise RequestRefused(f"there are {len(texts)} texts and {len(scores)} scores; each text needs its own, or None")
    return scores


def _usable(texts: Sequence[str | None], labels: Codes, seed: int) -> tuple[list[str], Codes]:
    read = [readable(text) for text in texts]
    at = np.flatnonzero((labels != UNKNOWN) & np.array([bool(text) for text in read], bool))
    if len(at) > MOST_TEXTS:
        at = np.sort(np.random.default_rng(seed).choice(at, MOST_TEXTS, replace=False))
    return [read[one] for one in at], labels[at]


def _enough(labels: Codes) -> None:
    numbers = np.bincount(labels, minlength=3)
    if len(labels) < LEAST_TEXTS or numbers.min() < LEAST_OF_EACH:
        raise RequestRefused(
            f"there are {len(labels)} texts with a score ({_by_sentiment(numbers)}); a classifier of your own needs "
            f"{LEAST_TEXTS}, and {LEAST_OF_EACH} of each sentiment; until then the one that ships is used"
        )


def _by_sentiment(numbers: Iterable[int]) -> str:
    return ", ".join(f"{number} {name}" for number, name in zip(numbers, SENTIMENTS, strict=True))


def _auc(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"


def _require_learning() -> None:
    if find_spec("sklearn") is None:
        raise RequestRefused(
            "training a classifier needs sklearn, which is not installed; run: pip install 'keepwell[learning]'"
        )
