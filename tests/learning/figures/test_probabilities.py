"""Chances of loss from scores, learned on one part and judged on another."""

from __future__ import annotations

import numpy as np
import pytest

from keepwell.learning.figures.probabilities import brier, calibrated


def rows(count: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    score = random.uniform(0, 100, count)
    return score, random.random(count) < 1 / (1 + np.exp(0.05 * (score - 20)))


def test_the_logistic_curve_is_the_most_likely_one() -> None:
    from sklearn.linear_model import LogisticRegression

    score, lost = rows()
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1_000).fit(score[:, None] / 100, lost)
    ours = calibrated(score, lost)
    assert (ours.intercept, ours.slope) == pytest.approx((theirs.intercept_[0], theirs.coef_[0, 0]), rel=1e-3)


def test_its_chances_add_up_to_the_losses() -> None:
    score, lost = rows()
    assert calibrated(score, lost).chance(score).sum() == pytest.approx(lost.sum(), rel=1e-5)


def test_the_isotonic_curve_never_rises_with_the_score() -> None:
    score, lost = rows()
    curve = calibrated(score, lost, "isotonic")
    assert (np.diff(curve.chance(np.linspace(0, 100, 500))) <= 1e-12).all()
    assert curve.chance(score).sum() == pytest.approx(lost.sum(), rel=0.02)


@pytest.mark.parametrize("lost", [[True, True, False, False], [True, False, True, False]])
def test_a_score_without_error_or_without_use_still_has_a_curve(lost: list[bool]) -> None:
    chances = calibrated(np.array([0.0, 10, 90, 100]), np.array(lost)).chance(np.array([0.0, 50, 100]))
    assert np.isfinite(chances).all()
    assert ((chances >= 0) & (chances <= 1)).all()


def test_brier_is_the_mean_squared_distance() -> None:
    chance, lost = np.array([0.5, 1.0, 0.0]), np.array([True, True, False])
    assert brier(chance, lost) == pytest.approx(0.25 / 3)
    assert brier(chance, lost, np.array([3.0, 1, 0])) == pytest.approx(0.75 / 4)
    assert np.isnan(brier(np.array([]), np.array([], bool)))
