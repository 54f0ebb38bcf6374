from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions.measures import Imputed, Measure
from keepwell.engine.scoring.validity import NOT_A_DATE, Observation, Settled, freshness_of, past, settle

AS_OF = date(2026, 10, 31)
NULL = float("nan")


def days_before(*ages: int | None) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    as_of = np.datetime64(AS_OF, "D")
    return np.array([NOT_A_DATE if age is None else as_of - np.timedelta64(age, "D") for age in ages])


def settled(scores: list[float], ages: list[int | None], **options: Any) -> Settled:
    measure = Measure(weight=1.0, manual=True, valid_for=90, **options)
    days = days_before(*ages)
    stale = past(days, 90, AS_OF)
    return settle(measure, Observation(np.array(scores), days, stale, 0), AS_OF)


def test_stale_is_older_than_valid_for_not_as_old() -> None:
    assert np.asarray(past(days_before(0, 90, 91, None), 90, AS_OF)).tolist() == [False, False, True, False]
    assert past(days_before(1000), None, AS_OF) is False


def test_flag_counts_in_full_and_is_marked() -> None:
    one = settled([40.0, 60.0], [10, 200])
    assert one.scores.tolist() == [40, 60]
    assert one.freshness_or_one().tolist() == [1, 1]
    assert np.asarray(one.stale).tolist() == [False, True]


def test_drop_is_missing_and_still_marked() -> None:
    one = settled([40.0, 60.0], [10, 200], when_stale="drop")
    assert one.scores.tolist() == pytest.approx([40, NULL], nan_ok=True)
    assert one.freshness_or_one().tolist() == [1, 0]
    assert np.asarray(one.stale).tolist() == [False, True]


def test_a_dropped_measure_is_imputed() -> None:
    one = settled([40.0, 60.0], [10, 200], when_stale="drop", when_missing=Imputed(score=50.0))
    assert one.scores.tolist() == [40, 50]
    assert np.asarray(one.imputed).tolist() == [False, True]
    assert one.freshness_or_one().tolist() == [1, 1]
    share = one.observed_share()
    assert share is not None
    assert share.tolist() == [1, 0]


def test_decay_is_full_at_n_and_nothing_at_two_n() -> None:
    one = settled([40.0] * 5, [0, 90, 135, 180, 400], when_stale="decay")
    assert one.freshness_or_one().tolist() == pytest.approx([1, 1, 0.5, 0, 0])
    assert one.scores.tolist() == [40] * 5


def test_a_decayed_measure_is_never_imputed_but_a_null_one_is() -> None:
    one = settled([40.0, NULL], [400, 400], when_stale="decay", when_missing=Imputed(score=50.0))
    assert one.scores.tolist() == [40, 50]
    assert one.freshness_or_one().tolist() == [0, 1]
    assert np.asarray(one.imputed).tolist() == [False, True]
    share = one.observed_share()
    assert share is not None
    assert share.tolist() == [0, 0]


def test_a_null_score_without_a_stand_in_counts_for_nothing() -> None:
    one = settled([NULL, 3.0], [1, 1], when_stale="decay")
    assert one.freshness_or_one().tolist() == [0, 1]
    assert one.imputed is False
    assert one.observed_share() is None


@pytest.mark.slow
@given(st.lists(st.integers(0, 1000), min_size=2, max_size=20), st.integers(1, 300))
def test_decay_is_monotone(ages: list[int], valid_for: int) -> None:
    fresh = freshness_of(days_before(*sorted(ages)), valid_for, AS_OF)
    assert (np.diff(fresh) <= 0).all()
    assert ((fresh >= 0) & (fresh <= 1)).all()
