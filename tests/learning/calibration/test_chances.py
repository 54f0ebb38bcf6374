"""Chances from scores: the curve that made them is found again, segments with too few use that of all."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from keepwell.learning.calibration.at_risk import at_risk
from keepwell.learning.calibration.chances import Chances, chances

N = 4_000

pytestmark = pytest.mark.slow


def truth(score: np.ndarray, shift: float = 0.0) -> np.ndarray:
    return 1 / (1 + np.exp(-(1 + shift - score / 20)))


def made(n: int = N, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray, pa.Array]:
    """Scores, losses, accounts and segments; small ones leave more easily, and there are few of the tiny."""
    random = np.random.default_rng(seed)
    score = random.uniform(0, 100, n)
    name = np.where(np.arange(n) % 100 == 0, "tiny", np.where(np.arange(n) % 2, "small", "large"))
    lost = random.random(n) < truth(score, np.where(name == "small", 1.0, 0.0))
    return score, lost, np.arange(n), pa.array(name)


@cache
def learned(**more: int) -> Chances:
    found = chances(*made(**more), draws=60)
    assert isinstance(found, Chances)
    return found


def test_intervals_hold_the_chance_that_made_the_losses() -> None:
    found, at = learned(), np.array([10.0, 30, 50, 70])
    for name, shift in (("small", 1.0), ("large", 0.0)):
        table = found.table(at, pa.array([name] * 4))
        inside = (table["low"].to_numpy() <= truth(at, shift)) & (truth(at, shift) <= table["high"].to_numpy())
        assert inside.sum() >= 3
        assert table["chance"].to_numpy() == pytest.approx(truth(at, shift), abs=0.08)


def test_with_few_losses_the_curve_is_a_straight_line_of_the_log_odds() -> None:
    assert learned(n=600).method == "logistic"
    assert learned().method == "isotonic"


def test_a_segment_with_too_few_uses_the_curve_of_all_and_says_so() -> None:
    found = learned()
    assert set(found.by_segment) == {"small", "large"}
    assert "30 are the least to learn a chance from; the curve of all together is used" in found.pooled["tiny"]
    assert found.of("tiny") is found.overall is found.of(None)


def test_a_better_score_never_has_a_higher_chance() -> None:
    for n in (600, N):
        chance = learned(n=n).overall.chance(np.linspace(0, 100, 301))
        assert (np.diff(chance) <= 1e-12).all()


def test_without_a_score_there_is_no_chance() -> None:
    table = learned().table(np.array([np.nan, 50.0]), pa.array([None, "small"], pa.string()))
    assert table["chance"].null_count == table["low"].null_count == 1


@pytest.mark.parametrize(("lost", "words"), [(9, "9 accounts left"), (495, "5 accounts stayed")])
def test_too_few_are_refused_in_words(lost: int, words: str) -> None:
    n = 500
    found = chances(np.linspace(0, 100, n), np.arange(n) < lost, np.arange(n), pa.nulls(n, pa.string()), draws=5)
    assert isinstance(found, str)
    assert words in found


def test_chances_that_would_rise_with_the_score_are_refused() -> None:
    score, lost, codes, segment = made(600)
    found = chances(100 - score, lost, codes, segment, draws=5)
    assert found == "losses do not become rarer as scores rise, so a score says nothing of who leaves"
    turned = np.where(np.asarray(segment) == "large", 100 - score, score)
    found = chances(turned, lost | (np.asarray(segment) == "small") & (score < 60), codes, segment, draws=5)
    assert isinstance(found, Chances)
    assert "do not become rarer" in found.pooled["large"]


def test_whether_they_surely_fall_is_told() -> None:
    score, lost, codes, segment = made(600)
    assert learned(n=600).overall.surely_falls
    mixed = np.where(codes % 15 == 0, score, np.random.default_rng(3).uniform(0, 100, 600))
    found = chances(mixed, lost, codes, segment, draws=60)
    assert isinstance(found, str) or not found.overall.surely_falls


def test_accounts_are_drawn_and_not_observations() -> None:
    """Seeing every account ten times over says no more than seeing it once."""
    score, lost, codes, segment = made(600)
    ten = np.tile(np.arange(600), 10)
    once = chances(score, lost, codes, segment, draws=100)
    again = chances(score[ten], lost[ten], codes[ten], segment.take(pa.array(ten)), draws=100)
    assert isinstance(once, Chances)
    assert isinstance(again, Chances)
    at = np.array([30.0])
    wide, same = (np.std(one.overall.drawn(at)) for one in (once, again))
    assert same == pytest.approx(wide, rel=0.25)


def test_it_is_ready_for_json() -> None:
    text = json.dumps(learned(n=600).to_json(), allow_nan=False)
    assert json.loads(text)["curves"][0]["points"][5]["score"] == 50


def test_amounts_at_risk_add_up_over_segments() -> None:
    found = learned()
    score = np.array([20.0, 60.0, 90.0, np.nan, 40.0])
    amount = np.array([100.0, 1_000.0, 10.0, 7.0, np.nan])
    segment = pa.array(["small", "large", "tiny", "small", "large"])
    whole, *parts = at_risk(found, score, amount, segment)
    assert whole.segment is None
    assert {one.segment for one in parts} == {"large", "small", "tiny"}
    assert whole.expected == pytest.approx(sum(one.expected for one in parts))
    by_hand = 100 * found.of("small").chance(score[:1])[0] + 1_000 * found.of("large").chance(score[1:2])[0]
    assert whole.expected == pytest.approx(by_hand + 10 * found.overall.chance(score[2:3])[0])
    assert whole.low < whole.expected < whole.high
    assert (whole.accounts, whole.without_score, whole.amount_without_score) == (3, 2, 7)


def test_few_large_accounts_spread_more_than_many_small_ones() -> None:
    found = learned()
    nobody = pa.nulls(100, pa.string())
    many = at_risk(found, np.full(100, 50.0), np.full(100, 10.0), nobody)[0]
    few = at_risk(found, np.full(1, 50.0), np.full(1, 1_000.0), nobody[:1])[0]
    assert many.expected == pytest.approx(few.expected)
    assert few.spread == pytest.approx(10 * many.spread)
