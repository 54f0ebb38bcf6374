"""A grid of dates: who is observed, who is lost, against a reference that asks each account by itself."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.learning.observing import floor_to_grid
from keepwell.learning.outcomes import KINDS, LOST, Outcomes
from keepwell.learning.reading import Lifetimes
from keepwell.learning.windows import Seen, Window

AS_OF, LEAD, HORIZON = date(2026, 5, 1), 10, 30
IDS = ["a", "b", "c"]

decisions = st.lists(
    st.tuples(st.sampled_from([*IDS, "z"]), st.integers(-60, 80), st.sampled_from(KINDS)),
    max_size=12,
    unique_by=lambda row: (row[0], row[1]),
)
ends = st.dictionaries(st.sampled_from(IDS), st.integers(1, 80))


def outcomes_of(rows: list[tuple[str, int, str]]) -> Outcomes:
    ordered = sorted(rows, key=lambda row: (row[1], row[0]))
    days = np.array([AS_OF + timedelta(days=row[1]) for row in ordered], "datetime64[D]")
    return Outcomes(
        account=pa.array([row[0] for row in ordered], pa.string()),
        decided_on=days,
        known_at=days.astype("datetime64[us]"),
        kind=np.array([KINDS.index(row[2]) for row in ordered], np.int8),
        amount=np.arange(len(ordered), dtype=float),
    )


def lifetimes_of(ended: dict[str, int]) -> Lifetimes:
    last = [AS_OF + timedelta(days=ended[one]) if one in ended else None for one in IDS]
    no_day = np.full(len(IDS), np.datetime64("NaT", "D"))
    return Lifetimes(pa.array(IDS), no_day, np.array(last, "datetime64[D]"))


def window(rows: list[tuple[str, int, str]], ended: dict[str, int], returning: bool = False) -> Seen:
    made = Window(outcomes_of(rows), lifetimes_of(ended), AS_OF, LEAD, HORIZON, returning)
    return made.of(pa.array(IDS))


@pytest.mark.slow
@given(decisions, ends)
@settings(deadline=None)
def test_each_account_by_itself(rows: list[tuple[str, int, str]], ended: dict[str, int]) -> None:
    seen, ordered = window(rows, ended), sorted(rows, key=lambda row: (row[1], row[0]))
    found = dict(zip(seen.account.to_pylist(), seen.decision.tolist(), strict=True))
    for one in IDS:
        own = [(day, kind, place) for place, (who, day, kind) in enumerate(ordered) if who == one]
        before = [kind for day, kind, _ in own if day <= LEAD]
        losses = [place for day, kind, place in own if LEAD < day <= LEAD + HORIZON and kind == LOST]
        if before and before[-1] == LOST:
            assert one in seen.gone.to_pylist()
        elif losses:
            assert found[one] == losses[0]
        elif one in ended and ended[one] <= LEAD + HORIZON:
            assert one in seen.silent.to_pylist()
        else:
            assert found[one] == -1
    assert sorted([*seen.account.to_pylist(), *seen.gone.to_pylist(), *seen.silent.to_pylist()]) == IDS


@pytest.mark.slow
def test_an_account_that_gave_notice_may_be_lost_again_where_that_is_said() -> None:
    rows = [("a", -20, LOST), ("a", 20, LOST), ("b", 5, LOST)]
    assert window(rows, {}).gone.to_pylist() == ["a", "b"]
    again = window(rows, {}, returning=True)
    assert again.gone.to_pylist() == ["b"]
    assert dict(zip(again.account.to_pylist(), (again.decision >= 0).tolist(), strict=True)) == {"a": True, "c": False}


@pytest.mark.slow
@given(st.lists(st.integers(-400, 400), max_size=20), st.integers(1, 60))
def test_the_last_date_of_a_grid_at_or_before_a_day(offsets: list[int], every: int) -> None:
    anchor = np.datetime64("2026-05-01", "D")
    days = anchor + np.array(offsets, "timedelta64[D]")
    found = floor_to_grid(days, anchor, every)
    behind = (days - found).astype(int)
    assert ((behind >= 0) & (behind < every)).all()
    assert ((anchor - found).astype(int) % every == 0).all()
