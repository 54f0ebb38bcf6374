"""An account is never on both sides of a split, whatever the split."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from keepwell.errors import RequestRefused
from keepwell.learning import splits
from keepwell.learning.observations import Observations
from keepwell.learning.splits import Split
from tests.learning.asking import observations_of

START = date(2026, 1, 1)


@st.composite
def many(draw: DrawFn) -> Observations:
    """Up to 30 accounts, each seen at up to six dates."""
    rows = []
    for number in range(draw(st.integers(2, 30))):
        days = draw(st.lists(st.integers(0, 300), min_size=1, max_size=6, unique=True))
        for day in days:
            as_of = START + timedelta(days=day)
            rows.append((f"a{number}", as_of, draw(st.booleans()), as_of + timedelta(days=draw(st.integers(30, 40)))))
    return observations_of(rows)


def accounts(observations: Observations, split: Split) -> tuple[set[int], set[int]]:
    return set(observations.codes[split.train].tolist()), set(observations.codes[split.test].tolist())


@pytest.mark.slow
@given(many(), st.integers(0, 9))
@settings(deadline=None)
def test_no_account_is_on_both_sides(observations: Observations, seed: int) -> None:
    made = [splits.by_account(observations, seed=seed)]
    made += [splits.out_of_time(observations, START + timedelta(days=150), seed=seed)]
    made += list(splits.folds(observations, 2, seed=seed))
    for split in made:
        train, test = accounts(observations, split)
        assert not train & test
        assert len(np.intersect1d(split.train, split.test)) == 0


@pytest.mark.slow
@given(many(), st.integers(2, 5), st.integers(0, 9))
@settings(deadline=None)
def test_every_observation_is_tested_in_one_fold(observations: Observations, count: int, seed: int) -> None:
    if count > observations.accounts:
        with pytest.raises(RequestRefused, match="folds of"):
            list(splits.folds(observations, count, seed=seed))
        return
    parts = list(splits.folds(observations, count, seed=seed))
    assert sorted(np.concatenate([part.test for part in parts]).tolist()) == list(range(len(observations)))
    assert all(len(part.train) + len(part.test) == len(observations) for part in parts)


@pytest.mark.slow
@given(many(), st.integers(0, 9))
@settings(deadline=None)
def test_out_of_time_trains_on_what_was_settled_and_tests_on_what_came_after(
    observations: Observations, seed: int
) -> None:
    boundary = np.datetime64(START + timedelta(days=150), "D")
    split = splits.out_of_time(observations, boundary.astype(date), seed=seed)
    assert (observations.decided_on[split.train] < boundary).all()
    assert (observations.as_of[split.test] >= boundary).all()


def test_a_horizon_that_is_still_open_is_on_neither_side() -> None:
    """Whoever left early in the horizon is known then, whoever stayed is not: both wait for its end."""
    rows = [(f"a{one}", START, one % 2 == 0, START + timedelta(days=35) if one % 2 == 0 else None) for one in range(40)]
    observed = observations_of(rows, way="on_grid", horizon_days=90)
    assert len(splits.out_of_time(observed, START + timedelta(days=120)).train) == 0
    assert len(splits.out_of_time(observed, START + timedelta(days=121)).train) == 20


def test_losses_are_shared_out_evenly() -> None:
    rows = [(f"a{one:03}", START, one < 10, START + timedelta(days=30)) for one in range(100)]
    observed = observations_of(rows)
    assert [int(observed.lost[part.test].sum()) for part in splits.folds(observed, 5)] == [2] * 5
    assert int(observed.lost[splits.by_account(observed, test_share=0.3).test].sum()) == 3


def test_equal_seeds_split_equally() -> None:
    rows = [(f"a{one:03}", START, one < 10, START + timedelta(days=30)) for one in range(100)]
    first, same, other = (splits.by_account(observations_of(rows), seed=seed).test for seed in (3, 3, 4))
    assert (first == same).all()
    assert (first != other).any()


def test_given_rows_with_an_account_on_both_sides_are_refused() -> None:
    day = START + timedelta(days=30)
    observed = observations_of([("a", START, True, day), ("b", START, False, day), ("a", day, True, day)])
    assert splits.given(observed, np.array([1]), np.array([0])).name == "given"
    with pytest.raises(RequestRefused, match="1 accounts are in the training part and in the test part, such as a"):
        splits.given(observed, np.array([0, 1]), np.array([2]))


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5])
def test_a_share_without_sense_is_refused(share: float) -> None:
    observed = observations_of([("a", START, True, START)])
    with pytest.raises(RequestRefused, match="a share between 0 and 1"):
        splits.by_account(observed, test_share=share)
