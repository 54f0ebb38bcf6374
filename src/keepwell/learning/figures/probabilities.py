"""From scores to chances of loss, learned on one part and judged on another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from keepwell.learning.outcomes import Flags, Floats

Method = Literal["logistic", "isotonic"]
_STEPS, _CLOSE_ENOUGH = 50, 1e-10
_RIDGE = 1e-6
"""Keeps the slope finite where scores separate lost from kept without error."""


@dataclass(frozen=True)
class Calibration:
    """A curve from score to chance of loss, between and beyond its knots."""

    method: Method
    scores: Floats  # knots, ascending
    chances: Floats
    intercept: float = 0.0  # logistic: log odds = intercept + slope * score / 100
    slope: float = 0.0

    def chance(self, score: Floats) -> Floats:
        """[n] chances of loss, of scores without NaN."""
        if self.method == "logistic":
            return _sigmoid(self.intercept + self.slope * score / 100)
        found: Floats = np.interp(score, self.scores, self.chances)
        return found


def calibrated(score: Floats, lost: Flags, method: Method = "logistic") -> Calibration:
    """The curve learned from these observations ([n] each).

    logistic: maximum likelihood by Newton's method (Platt 1999). isotonic: the best curve that never rises with the
    score (pool adjacent violators; Zadrozny and Elkan 2002), which needs many losses and the extra `learning`.
    """
    if method == "logistic":
        return _logistic(score, lost)
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=0, y_max=1, increasing=False, out_of_bounds="clip").fit(score, lost)
    return Calibration("isotonic", fitted.X_thresholds_, fitted.y_thresholds_)


def brier(chance: Floats, lost: Flags, weights: Floats | None = None) -> float:
    """The mean squared distance of chances from what came true (Brier 1950): 0 is best; NaN without observations."""
    if not len(chance):
        return float("nan")
    return float(np.average((chance - lost) ** 2, weights=weights))


def _logistic(score: Floats, lost: Flags) -> Calibration:
    x, y = score / 100, lost.astype(np.float64)
    rate = min(max(float(y.mean()), 1e-6), 1 - 1e-6)
    intercept, slope = float(np.log(rate / (1 - rate))), 0.0
    for _ in range(_STEPS):
        chance = _sigmoid(intercept + slope * x)
        spread, error = chance * (1 - chance), y - chance
        gradient = np.array([error.sum(), error @ x - _RIDGE * slope])
        across = spread @ x
        curvature = np.array([[spread.sum() + _RIDGE, across], [across, spread @ (x * x) + _RIDGE]])
        step = np.linalg.solve(curvature, gradient)
        size = float(np.abs(step).max())
        step *= min(1.0, 5.0 / size) if size > 0 else 1.0
        intercept, slope = intercept + float(step[0]), slope + float(step[1])
        if size < _CLOSE_ENOUGH:
            break
    return Calibration("logistic", np.array([]), np.array([]), intercept, slope)


def _sigmoid(odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
    return found
