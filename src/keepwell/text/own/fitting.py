"""From counted texts with known sentiments to coefficients: logistic regression, then calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from keepwell.text.classifier import Codes, Floats, labels_of
from keepwell.text.own.counting import Counted, Kept, kept, weighed
from keepwell.text.own.figures import macro_f1
from keepwell.text.own.linear import softmax

STRENGTH = 1.0
"""scikit-learn's C of the regression. Sentiments weigh the same however many texts they have."""
_CALIBRATION_STRENGTH = 10.0
_LEANS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Fit:
    """`coefficients`: [features of all blocks, then the lexicon's score; 3]."""

    kept: tuple[Kept, ...]
    coefficients: Floats
    intercepts: Floats  # [3]

    def logits(self, texts: Counted, rows: Codes) -> Floats:
        """[rows, 3]"""
        return np.asarray(_design(texts, rows, self.kept) @ self.coefficients + self.intercepts)

    def calibrated(self, by: Calibration) -> Fit:
        """Calibration is linear in logits, so the result is a regression again."""
        return Fit(self.kept, self.coefficients @ by.matrix, self.intercepts @ by.matrix + by.shift)


@dataclass(frozen=True)
class Calibration:
    """Logits z become z @ matrix + shift: logistic regression on held-out logits (Platt 1999; Guo et al. 2017)."""

    matrix: Floats  # [3, 3]
    shift: Floats  # [3]


def fit(texts: Counted, rows: Codes, labels: Codes) -> Fit:
    """`labels`: [n] of all texts; those of `rows` are learned from."""
    chosen = tuple(kept(counts[rows]) for counts in texts.counts)
    model = _regression(STRENGTH, "balanced").fit(_design(texts, rows, chosen), labels[rows])
    return Fit(chosen, np.ascontiguousarray(model.coef_.T), model.intercept_)


def held_out_logits(texts: Counted, labels: Codes, fold: Codes) -> Floats:
    """[n, 3] of each text by a fit that has not seen it."""
    found = np.empty((len(labels), 3))
    for one in np.unique(fold):
        out = np.flatnonzero(fold == one)
        found[out] = fit(texts, np.flatnonzero(fold != one), labels).logits(texts, out)
    return found


def calibration(logits: Floats, labels: Codes) -> Calibration:
    model = _regression(_CALIBRATION_STRENGTH, None).fit(logits, labels)
    return Calibration(np.ascontiguousarray(model.coef_.T), model.intercept_)


def emphasis(probabilities: Floats, labels: Codes) -> Floats:
    """[3] powers of 1 / share of each sentiment: the one of a few with the best macro F1, the least of equal ones."""
    share = np.bincount(labels, minlength=3) / len(labels)
    once = np.ones((len(labels), 1))
    tried = [share**-lean for lean in _LEANS]
    reached = [float(macro_f1(labels, labels_of(probabilities, one), once)[0]) for one in tried]
    return tried[int(np.argmax(reached))]


def calibrated(by: Calibration, logits: Floats) -> Floats:
    """[n, 3] probabilities."""
    return softmax(logits @ by.matrix + by.shift)


def _design(texts: Counted, rows: Codes, chosen: tuple[Kept, ...]) -> Any:
    from scipy.sparse import csr_matrix, hstack

    blocks = [weighed(counts[rows], one) for counts, one in zip(texts.counts, chosen, strict=True)]
    return hstack([*blocks, csr_matrix(texts.lexicon[rows][:, None])], format="csr")


def _regression(strength: float, class_weight: str | None) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, class_weight=class_weight, max_iter=2000, tol=1e-6)
