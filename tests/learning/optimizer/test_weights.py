"""Weights against scikit-learn where nothing is limited, and limits that hold."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from keepwell.definitions.scorecards import Scorecard
from keepwell.learning.optimizer.conditions import Conditions, current_shares
from keepwell.learning.optimizer.limits import Share
from keepwell.learning.optimizer.weights import RIDGE, Bounds, certainty, fit
from keepwell.learning.outcomes import Flags, Floats


@pytest.fixture(scope="module")
def seen() -> tuple[Floats, Flags]:
    """3,000 observations of four measures with true slopes 4, 2, 1 and -1."""
    random = np.random.default_rng(3)
    scores = random.uniform(0, 100, (3_000, 4))
    odds = scores / 100 @ np.array([4.0, 2.0, 1.0, -1.0]) - 2
    return scores, random.random(3_000) > 1 / (1 + np.exp(-odds))


def test_slopes_are_those_of_logistic_regression_where_none_would_fall_below_zero(seen: tuple[Floats, Flags]) -> None:
    scores, lost = seen[0][:, :3], seen[1]
    spread = scores.std(axis=0)
    other = LogisticRegression(C=1 / RIDGE, tol=1e-10, max_iter=1_000).fit(scores / spread, ~lost)
    found = fit(scores, lost, Bounds.free(3))
    assert found.slopes == pytest.approx(100 * other.coef_[0] / spread, rel=1e-4)
    assert found.intercept == pytest.approx(other.intercept_[0], rel=1e-4)


def test_a_measure_that_works_the_wrong_way_weighs_nothing(seen: tuple[Floats, Flags]) -> None:
    found = fit(*seen, Bounds.free(4))
    assert found.slopes[3] == 0
    assert found.shares.sum() == pytest.approx(1)
    assert certainty(*seen, found)[0] > 10
    assert certainty(*seen, found)[3] == 0


def test_counting_a_row_twice_is_having_it_twice(seen: tuple[Floats, Flags]) -> None:
    scores, lost = seen[0][:200], seen[1][:200]
    counts = np.random.default_rng(0).integers(0, 3, 200)
    counted = fit(scores, lost, Bounds.free(4), counts.astype(float), None)
    copied = fit(np.repeat(scores, counts, axis=0), np.repeat(lost, counts), Bounds.free(4))
    spread = scores.std(axis=0) / np.repeat(scores, counts, axis=0).std(axis=0)
    assert counted.slopes == pytest.approx(copied.slopes, rel=0.1)
    assert spread == pytest.approx(1, rel=0.1)


def conditions(**changes: object) -> Conditions:
    found: dict[str, object] = {
        "ranges": (Share(),) * 4,
        "fixed": (None,) * 4,
        "groups": {},
        "group_of": ("use", "use", "people", "people"),
    }
    return Conditions(**{**found, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "check"),
    [
        ({"ranges": (Share(at_most=30), Share(), Share(), Share())}, lambda shares: shares[0] <= 0.3 + 1e-6),
        ({"ranges": (Share(), Share(), Share(), Share(at_least=10))}, lambda shares: shares[3] >= 0.1 - 1e-6),
        ({"groups": {"people": 50.0}}, lambda shares: shares[2] + shares[3] >= 0.5 - 1e-6),
        ({"fixed": (None, 25.0, None, None)}, lambda shares: abs(shares[1] - 0.25) < 1e-6),
    ],
)
def test_limits_hold_and_bind(seen: tuple[Floats, Flags], asked: dict[str, object], check: object) -> None:
    assert callable(check)
    limits = conditions(**asked)
    assert not check(fit(*seen, Bounds.free(4)).shares)
    shares = fit(*seen, limits.bounds()).shares
    assert check(shares)
    points = limits.points(list(shares))
    assert sum(points) == 100
    assert check(np.array(points) / 100)


def test_current_shares_are_of_the_whole_card() -> None:
    measure = {"manual": True, "weight": 1}
    card = Scorecard.model_validate(
        {
            "scheme": "numeric",
            "groups": {
                "use": {"weight": 3, "measures": {"a": measure, "b": {**measure, "weight": 2}}},
                "people": {"weight": 1, "measures": {"c": measure}},
            },
        }
    )
    assert current_shares(card) == pytest.approx({"a": 25, "b": 50, "c": 25})
