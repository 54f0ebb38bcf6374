"""Whether chances still hold, month by month."""

from __future__ import annotations

import numpy as np
import pytest

from keepwell.learning.calibration.drift import Behind, Drift, drift


def asked(rates: list[float], foretold: float = 0.2, n: int = 300) -> Drift:
    """A month a rate of losses, where as many were foretold in each."""
    months = np.arange("2026-01", "2026-12", dtype="datetime64[M]")[: len(rates)]
    lost = np.concatenate([np.arange(n) < rate * n for rate in rates])
    return drift(np.full(len(lost), foretold), lost, np.repeat(months, n).astype("datetime64[D]"))


def test_chances_that_hold_raise_no_alarm() -> None:
    found = asked([0.2, 0.22, 0.17, 0.2])
    assert not any(one.is_alarm for one in found.months)
    assert found.said == "The chances have held in all 4 months that can be judged."


def test_more_losses_than_were_foretold_raise_one_in_their_month() -> None:
    found = asked([0.2, 0.2, 0.32])
    assert [one.is_alarm for one in found.months] == [False, False, True]
    assert found.is_alarm
    assert "In 2026-03 96 left where 60.0 were foretold: more than chance explains." in found.said
    assert "fewer than chance explains" in asked([0.2, 0.08]).months[1].said


def test_a_month_that_is_over_is_told_and_is_no_alarm_now() -> None:
    found = asked([0.35, 0.2])
    assert not found.is_alarm
    assert found.said == "The chances held in 2026-02; they did not in 2026-01."


def test_the_probability_is_that_of_the_normal_distribution_times_the_months() -> None:
    z = (75 - 60) / np.sqrt(300 * 0.2 * 0.8)
    assert asked([0.25]).months[0].p == pytest.approx(0.0304, abs=1e-4)
    assert z == pytest.approx(2.165, abs=1e-3)
    assert asked([0.25, 0.2]).months[0].p == pytest.approx(2 * 0.0304, abs=2e-4)
    assert not asked([0.25, 0.2]).months[0].is_alarm


@pytest.mark.parametrize(("rate", "is_alarm"), [(0.012, False), (0.05, True)])
def test_where_no_month_says_anything_all_of_them_do_together(rate: float, is_alarm: bool) -> None:
    found = asked([rate] * 6, foretold=0.012)
    assert [one.p for one in found.months] == [None] * 6
    assert found.together is not None
    assert found.together.month == "2026-01 to 2026-06"
    assert found.is_alarm == is_alarm
    assert "all months taken together" in found.said
    assert asked([0.2, 0.2]).together is None


def test_too_little_that_was_foretold_is_not_judged() -> None:
    found = asked([0.0, 0.2], foretold=0.005)
    assert [one.p for one in found.months] == [None, None]
    assert not found.is_alarm
    assert "too few to judge" in found.months[0].said


@pytest.mark.slow
def test_alarms_are_rare_where_chances_hold() -> None:
    random = np.random.default_rng(5)
    chance = random.uniform(0.05, 0.5, 12 * 200)
    day = np.repeat(np.arange("2025-01", "2026-01", dtype="datetime64[M]"), 200).astype("datetime64[D]")
    runs = [drift(chance, random.random(len(chance)) < chance, day) for _ in range(60)]
    assert sum(any(one.is_alarm for one in run.months) for run in runs) <= 7


def alarms(learned_from: int, rows_each: int, runs: int = 400) -> float:
    """The share of alarms where one account in five is lost, as before: chances of a sample, each loss seen again."""
    random, n, found = np.random.default_rng(6), 300, 0
    account = np.repeat(np.arange(n), rows_each)
    day = np.full(len(account), "2026-01-05", "datetime64[D]")
    for _ in range(runs):
        before = int((random.random(learned_from) < 0.2).sum())
        behind = Behind(account, np.zeros_like(account), np.array([float(before)]))
        lost = (random.random(n) < 0.2)[account]
        found += drift(np.full(len(account), before / learned_from), lost, day, behind=behind).is_alarm
    return found / runs


@pytest.mark.slow
@pytest.mark.parametrize(("learned_from", "rows_each"), [(300, 1), (100_000, 3), (300, 3)])
def test_learned_chances_and_overlapping_rows_raise_no_more_alarms(learned_from: int, rows_each: int) -> None:
    assert 0.02 <= alarms(learned_from, rows_each) <= 0.085


def test_observations_without_a_chance_are_left_out() -> None:
    found = drift(np.array([np.nan, 0.5]), np.array([True, True]), np.array(["2026-01-05"] * 2, "datetime64[D]"))
    assert found.months[0].observations == 1
