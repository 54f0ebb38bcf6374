"""With and without advocacy: what confounding does to the raw figure, and that comparing like with like undoes it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepwell.learning.advocacy.comparing import Subjects, compare, words
from keepwell.learning.advocacy.strata import crossed, rank_correlation, risk_difference, thirds

RNG = np.random.default_rng(7)


def company(accounts: int, effect: float, rng: np.random.Generator) -> Subjects:
    """Healthy accounts advocate more and leave less; advocacy itself changes how many leave by `effect`."""
    band = rng.integers(0, 3, accounts)
    has = rng.random(accounts) < np.array([0.1, 0.3, 0.6])[band]
    leave = np.array([0.4, 0.2, 0.05])[band] + np.where(has, effect, 0.0)
    return Subjects(
        points=np.where(has, rng.gamma(2.0, 10.0, accounts), 0.0),
        health=30.0 + 25 * band + rng.normal(0, 5, accounts),
        before=pa.array(np.array(["red", "yellow", "green"])[band]),
        size=rng.lognormal(10, 1, accounts),
        left=rng.random(accounts) < leave,
        expanded=rng.random(accounts) < 0.1,
    )


@pytest.mark.slow
def test_confounding_makes_the_raw_figure_look_good_and_is_taken_away() -> None:
    found = compare(company(20_000, 0.0, RNG))
    (left, expanded) = found.compared
    assert left.raw is not None
    assert left.adjusted is not None
    assert left.raw.value < -0.1
    assert left.raw.is_clear
    assert abs(left.adjusted.value) < 0.02
    assert expanded.adjusted is not None
    assert not expanded.adjusted.is_clear
    assert found.health is not None
    assert found.health_adjusted is not None
    assert found.health.low > 0.2
    assert abs(found.health_adjusted.value) < 0.05


@pytest.mark.slow
def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    held = 0
    for seed in range(200):
        subjects = company(800, -0.04, np.random.default_rng(seed))
        (left, _) = compare(subjects).compared
        assert left.adjusted is not None
        held += left.adjusted.low <= -0.04 <= left.adjusted.high
    assert 184 <= held <= 198


def test_a_difference_by_hand() -> None:
    exposed = np.array([True] * 10 + [False] * 10 + [True] * 4)
    happened = np.array([True] * 2 + [False] * 8 + [True] * 5 + [False] * 5 + [True] * 4)
    strata = np.array([0] * 20 + [1] * 4)
    found = risk_difference(exposed, happened, strata)
    assert found is not None
    assert (found.value, found.accounts) == (pytest.approx(-0.3), 20)  # the second stratum has nobody to compare with
    assert risk_difference(exposed[20:], happened[20:], strata[20:]) is None
    none = np.zeros(24, dtype=bool)
    assert risk_difference(exposed, none, strata) is None


def test_ranks_within_strata_do_not_see_what_differs_between_them() -> None:
    strata = np.repeat([0, 1], 50)
    one = RNG.normal(size=100) + 10 * strata
    other = RNG.normal(size=100) + 10 * strata
    whole, within = rank_correlation(one, other, np.zeros(100, int)), rank_correlation(one, other, strata)
    assert whole is not None
    assert within is not None
    assert whole.value > 0.6
    assert abs(within.value) < 0.35
    assert rank_correlation(one[:4], other[:4], strata[:4]) is None
    same = rank_correlation(one, one, strata)
    assert same is not None
    assert same.low > 0.99


def test_too_few_are_told_as_such_and_bands_add_up() -> None:
    small = compare(company(40, 0.0, np.random.default_rng(1)))
    assert "at least 10 of each" in small.refused or small.bands
    none = company(40, 0.0, np.random.default_rng(1))
    found = compare(Subjects(np.zeros(40), none.health, none.before, none.size, none.left, none.expanded))
    assert "0 accounts with advocacy and 40 without" in found.refused
    whole = compare(company(500, 0.0, np.random.default_rng(2)))
    assert sum(one.accounts for one in whole.bands) == 500
    assert whole.bands[0].title == "No advocacy"
    assert any("Among accounts of the same band before" in one for one in words(whole.compared))


def test_strata_are_all_combinations() -> None:
    assert len(set(crossed(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])).tolist())) == 4
    assert thirds(np.array([1.0, 2.0, 3.0, np.nan])).tolist() == [0, 1, 2, 3]
