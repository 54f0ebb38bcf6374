"""Numbers as a person would write them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.learning.optimizer.rounding import percent, plain, round_score, round_values

numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 4))


@pytest.mark.slow
@given(st.lists(numbers, min_size=1, max_size=8, unique=True))
def test_rounded_values_still_increase_and_none_passes_its_neighbour(values: list[float]) -> None:
    ordered = sorted(values)
    rounded = round_values(ordered)
    assert all(left < right for left, right in pairwise(rounded))
    gaps = np.diff(ordered)
    nearest = np.minimum(np.append(gaps, np.inf), np.append(np.inf, gaps))
    assert (np.abs(np.subtract(rounded, ordered)) <= nearest / 4).all()


def test_two_digits_are_enough_where_they_keep_values_apart() -> None:
    assert round_values([0.1234, 0.5678, 123.4]) == [0.12, 0.57, 120.0]
    assert round_values([101.2, 102.9, 104.3]) == [101.0, 103.0, 104.0]


@pytest.mark.slow
@given(st.lists(st.floats(0, 1e3), min_size=1, max_size=20).filter(lambda shares: sum(shares) > 0))
def test_percent_sums_to_a_hundred_and_is_never_a_point_off(shares: list[float]) -> None:
    found = percent(shares)
    assert sum(found) == 100
    assert all(abs(one - 100 * share / sum(shares)) < 1 + 1e-6 for one, share in zip(found, shares, strict=True))


def test_scores_are_multiples_of_five_within_the_scale() -> None:
    assert [round_score(score) for score in (-3, 2.4, 2.5, 62, 103)] == [0, 0, 5, 60, 100]
    assert (plain(3.0), plain(0.5)) == (3, 0.5)
