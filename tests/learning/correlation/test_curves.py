"""Curves, rates and clusters against numbers worked out by another road."""

from __future__ import annotations

from math import log

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import spearmanr

from keepwell.learning.correlation.curves import area_of, curve
from keepwell.learning.correlation.rates import difference, rate, wilson
from keepwell.learning.correlation.redundancy import clusters

N = 2_000


@pytest.fixture(scope="module")
def use() -> np.ndarray:  # type: ignore[type-arg]
    return np.random.default_rng(2).normal(size=N)


@pytest.fixture(scope="module")
def lost(use: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return np.random.default_rng(3).random(N) < 1 / (1 + np.exp(use + 1))


def column(values: object) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, from_pandas=True)])


def test_wilson_and_newcombe_agree_with_their_papers() -> None:
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)  # Newcombe 1998, statistics in medicine
    one = rate(np.arange(70) < 56, np.arange(70))
    other = rate(np.arange(80) < 48, np.arange(80))
    found = difference(one, other)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_an_account_that_was_seen_often_is_one_piece_of_evidence() -> None:
    once = rate(np.array([True, False] * 20), np.arange(40))
    often = rate(np.tile(np.array([True, False] * 20), 9), np.tile(np.arange(40), 9))
    assert (once.low, once.high) == (often.low, often.high)
    assert often.observations == 360


def test_deciles_hold_a_tenth_each_and_their_rates_fall(use: np.ndarray, lost: np.ndarray) -> None:  # type: ignore[type-arg]
    found = curve("metric", "use", column(use), lost, np.arange(N))
    assert [one.rate.observations for one in found.slices] == [N // 10] * 10
    assert sum(one.rate.lost for one in found.slices) == lost.sum()
    rates = [one.rate.value or 0 for one in found.slices]
    assert rates[0] > 2 * rates[-1]
    assert found.auc is not None
    assert found.auc_low is not None
    assert found.auc_high is not None
    assert found.auc_low < found.auc < found.auc_high
    parts = [(one.rate.lost + 0.5, one.rate.observations - one.rate.lost + 0.5) for one in found.slices]
    gone, kept = sum(one for one, _ in parts), sum(one for _, one in parts)
    assert found.information_value == pytest.approx(
        sum((k / kept - g / gone) * log(k / kept * gone / g) for g, k in parts)
    )


def test_equal_values_stay_together_and_nulls_stand_apart(lost: np.ndarray) -> None:  # type: ignore[type-arg]
    values = np.where(np.arange(N) % 3 == 0, np.nan, (np.arange(N) % 2).astype(float))
    found = curve("metric", "flag", column(values), lost, np.arange(N))
    assert [one.label for one in found.slices] == ["0", "1", "no value"]
    assert sum(one.rate.observations for one in found.slices) == N


def test_texts_are_slices(lost: np.ndarray) -> None:  # type: ignore[type-arg]
    words = np.where(lost, "monthly", "yearly").astype(object)
    found = curve("metric", "plan", column(words), lost, np.arange(N))
    assert {one.label: one.rate.value for one in found.slices} == {"yearly": 0.0, "monthly": 1.0}
    assert found.strength == "strong"
    assert found.auc is None


@pytest.mark.parametrize(
    ("values", "gone", "words"),
    [
        (np.ones(N), np.arange(N) < 500, "same value in every observation"),
        (np.full(N, np.nan), np.arange(N) < 500, "no value in any observation"),
        (np.arange(N) * 1.0, np.zeros(N, bool), "nobody left"),
        (np.arange(N) * 1.0, np.arange(N) < 4, "only 4 accounts left"),
        (np.arange(N) * 1.0, np.ones(N, bool), "everybody left"),
    ],
)
def test_what_cannot_be_known_has_a_reason_and_no_number(values: object, gone: object, words: str) -> None:
    found = curve("metric", "x", column(values), gone, np.arange(N))  # type: ignore[arg-type]
    assert found.reason is not None
    assert words in found.reason
    assert (found.auc, found.auc_low, found.auc_high, found.information_value) == (None,) * 4


def test_the_interval_of_an_auc_is_that_of_hanley_and_mcneil() -> None:
    # An area of 0.75 over 50 and 50: their standard error is 0.0490.
    values, lost = np.concatenate([np.arange(50) - 25.0, np.arange(50) * 1.0]), np.arange(100) < 50
    area, low, high = area_of(values, lost, np.arange(100))
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    error = ((area * (1 - area) + 49 * (q1 - area**2) + 49 * (q2 - area**2)) / 2_500) ** 0.5
    assert (low, high) == pytest.approx((area - 1.959964 * error, area + 1.959964 * error), abs=1e-6)


def test_metrics_that_rank_alike_are_one_cluster(use: np.ndarray) -> None:  # type: ignore[type-arg]
    random = np.random.default_rng(7)
    near = use + 0.3 * random.normal(size=N)
    columns = {"use": use, "cubed": use**3, "against": -near, "other": random.normal(size=N), "constant": np.ones(N)}
    (found,) = clusters(columns)
    assert found.members == ("against", "cubed", "use")
    expected = np.mean([1, *(abs(spearmanr(-near, one).statistic) for one in (use, use**3))])
    assert found.correlation == pytest.approx(expected)
