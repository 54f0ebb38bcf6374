from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions.schemes import Band, Scheme
from keepwell.engine.scoring.bands import display_score, label_of, labels_of, rounded_half_up
from keepwell.engine.scoring.rounding import shown_parts

TRAFFIC = Scheme(bands=(Band(label="red", up_to=50), Band(label="yellow", up_to=75), Band(label="green", up_to=100)))
NUMERIC = Scheme()


@pytest.mark.parametrize(
    ("score", "label"),
    [
        (0, "red"),
        (50, "red"),
        (np.nextafter(50, 51), "yellow"),
        (75, "yellow"),
        (75.0001, "green"),
        (100, "green"),
        (None, "unknown"),
    ],
)
def test_a_band_ends_with_its_edge_and_zero_is_in_the_first(score: float | None, label: str) -> None:
    assert label_of(score, TRAFFIC) == label


def test_without_bands_the_number_is_the_label() -> None:
    assert labels_of(np.array([72.5, 72.49999999999999, 0.0, 99.5, np.nan]), NUMERIC).tolist() == [
        "73",
        "72",
        "0",
        "100",
        "unknown",
    ]


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (49.6, "50"),
        (72.5, "73"),
        (50.4, "50.4"),  # 50 belongs to the band below
        (50.04, "50.04"),  # and so does 50.0
        (75.5, "76"),
        (74.5, "75"),
        (100, "100"),
        (0.4, "0"),
        (None, None),
    ],
)
def test_a_score_is_rounded_half_up_but_never_into_another_band(score: float | None, shown: str | None) -> None:
    assert display_score(score, TRAFFIC) == shown


def test_rounding_goes_by_the_number_people_read() -> None:
    assert rounded_half_up(0.35, 1) == Decimal("0.4")  # the float nearest to 0.35 is below it
    assert display_score(50.4, NUMERIC) == "50"


@pytest.mark.slow
@given(st.floats(0, 100))
def test_what_is_shown_keeps_its_label(score: float) -> None:
    shown = display_score(score, TRAFFIC)
    assert shown is not None
    assert label_of(float(shown), TRAFFIC) == label_of(score, TRAFFIC)


def test_parts_are_rounded_by_largest_remainder() -> None:
    assert shown_parts([33.333, 33.333, 33.334], 100) == [33, 33, 34]
    assert shown_parts([10.26, 20.25, -3.1], "27.4") == [Decimal("10.3"), Decimal("20.2"), Decimal("-3.1")]
    assert shown_parts([1.5, 1.5], 3) == [2, 1]
    assert shown_parts([], 0) == []


@pytest.mark.slow
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=12), st.integers(0, 2))
def test_shown_parts_add_up_and_stay_near(parts: list[float], places: int) -> None:
    total = rounded_half_up(sum(parts), places)
    shown = shown_parts(parts, total)
    assert sum(shown) == total
    unit = Decimal(1).scaleb(-places)
    assert all(abs(Decimal(repr(part)) - one) < unit for part, one in zip(parts, shown, strict=True))
