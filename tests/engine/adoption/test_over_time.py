"""Everything over time against plain Python over sets, and by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.adoption.active import active, active_by_period
from keepwell.engine.adoption.days import DaysOfUse, number, read_days
from keepwell.engine.adoption.lifecycle import lifecycle, states
from keepwell.engine.adoption.periods import Period, is_over, period_number, starts_on
from keepwell.engine.adoption.retention import retention
from tests.engine.adoption.conftest import Use, row

MONDAY = date(2026, 3, 2)
Pairs = set[tuple[int, date]]
PAIRS = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 75).map(lambda n: MONDAY + timedelta(days=n))), min_size=1)
PERIODS = st.sampled_from(["day", "week", "month"])


def days_of(pairs: Pairs, last: date) -> DaysOfUse:
    """Who keeps the order of their numbers, without gaps."""
    people = sorted({who for who, _ in pairs})
    rows = sorted((people.index(who), number(day)) for who, day in pairs)
    who, day = (np.array(column, np.int32) for column in zip(*rows, strict=True))
    return DaysOfUse(who, day, min(day for _, day in pairs), last)


def key(day: date, period: Period) -> date:
    """The first day of its period, without the program's arithmetic."""
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[period]


def steps(first: date, last: date, period: Period) -> list[date]:
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sorted({key(day, period) for day in every})


@pytest.mark.slow
@given(PAIRS, st.integers(0, 40), st.sampled_from([1, 2, 7, 28, 200]))
def test_rolling_counts(pairs: Pairs, later: int, window: int) -> None:
    last = max(day for _, day in pairs) + timedelta(days=later)
    found = active(days_of(pairs, last), (window,))
    for day, count in zip(found.dates, found.counts[window].tolist(), strict=True):
        inside = {who for who, on in pairs if day - timedelta(days=window) < on <= day}
        assert count == len(inside), day


@pytest.mark.slow
@given(PAIRS, PERIODS, st.integers(0, 20))
def test_retention_counts(pairs: Pairs, period: Period, later: int) -> None:
    last = max(day for _, day in pairs) + timedelta(days=later)
    found = retention(days_of(pairs, last), period)
    at = {who: {key(day, period) for one, day in pairs if one == who} for who, _ in pairs}
    every = steps(min(day for _, day in pairs), last, period)
    assert found.cohorts == every
    for place, cohort in enumerate(every):
        members = [who for who, held in at.items() if min(held) == cohort]
        assert found.size[place] == len(members)
        for k, later_one in enumerate(every[place:]):
            assert found.recurring[place, k] == sum(later_one in at[who] for who in members)
            assert found.cumulative[place, k] == sum(max(at[who]) >= later_one for who in members)
        assert found.known[place].sum() == len(every) - place


@pytest.mark.slow
@given(PAIRS, PERIODS, st.integers(0, 20))
def test_lifecycle_counts(pairs: Pairs, period: Period, later: int) -> None:
    last = max(day for _, day in pairs) + timedelta(days=later)
    found = lifecycle(days_of(pairs, last), period)
    every = steps(min(day for _, day in pairs), last, period)
    assert found.starts_on == every
    seen: set[int] = set()
    before: set[int] = set()
    for place, one in enumerate(every):
        now = {who for who, day in pairs if key(day, period) == one}
        counts = (len(now - seen), len(now & before), len((now & seen) - before), len(before - now))
        assert counts == tuple(
            int(column[place]) for column in (found.new, found.returning, found.resurrected, found.dormant)
        )
        seen, before = seen | now, now
    assert found.new.sum() == len(seen)


@pytest.mark.slow
@given(PAIRS, st.sampled_from(["week", "month"]), st.integers(0, 20))
def test_active_by_period_counts(pairs: Pairs, period: Period, later: int) -> None:
    last = max(day for _, day in pairs) + timedelta(days=later)
    first = min(day for _, day in pairs)
    for one in active_by_period(days_of(pairs, last), period):
        inside = [(who, day) for who, day in pairs if key(day, period) == one.starts_on]
        length = sum(key(first + timedelta(days=n), period) == one.starts_on for n in range((last - first).days + 1))
        assert one.active == len({who for who, _ in inside})
        assert one.mean_daily == pytest.approx(len(inside) / length)


@given(st.dates(date(1969, 1, 1), date(2100, 1, 1)), PERIODS)
def test_periods_are_consecutive_numbers(day: date, period: Period) -> None:
    place = period_number(day, period)
    assert starts_on(place, period) == key(day, period)
    assert period_number(starts_on(place + 1, period) - timedelta(days=1), period) == place
    assert is_over(place, period, starts_on(place + 1, period) - timedelta(days=1))
    assert not is_over(place, period, starts_on(place + 1, period) - timedelta(days=2))


def test_today_is_partial() -> None:
    days = days_of({(0, MONDAY), (0, MONDAY + timedelta(days=6))}, MONDAY + timedelta(days=6))
    assert not active(days).partial
    assert active(days, today=days.last).partial
    assert not active_by_period(days, "week")[0].partial
    assert active_by_period(days, "week", today=days.last)[0].partial
    assert retention(days, "week").over.tolist() == [[True]]
    assert retention(days, "week", today=days.last).over.tolist() == [[False]]
    assert lifecycle(days, "week", today=days.last).partial == [True]


def test_overall_can_leave_out_what_is_not_over() -> None:
    days = days_of({(0, MONDAY), (1, MONDAY), (0, MONDAY + timedelta(days=8))}, MONDAY + timedelta(days=9))
    assert retention(days, "week").overall() == [(0, 2, 2), (1, 2, 1)]
    assert retention(days, "week").overall(partial=False) == [(0, 2, 2)]


def test_the_state_of_everybody_now() -> None:
    last = MONDAY + timedelta(weeks=3)
    weeks: dict[int, list[int]] = {0: [3], 1: [2, 3], 2: [0, 3], 3: [2], 4: [0]}
    days = days_of({(who, MONDAY + timedelta(weeks=n)) for who, held in weeks.items() for n in held}, last)
    assert states(days).tolist() == ["new", "returning", "resurrected", "dormant", "dormant"]


def test_reading_days_of_use(use: Use) -> None:
    """Duplicates, nobody, and what came after the date leave no trace."""
    next_day = MONDAY + timedelta(days=1)
    rows: list[dict[str, Any]] = [
        row("b", MONDAY), row("b", MONDAY), row("a", next_day, account="other"),
        {"person": None, "day": MONDAY}, row("b", MONDAY + timedelta(days=9)),
    ]  # fmt: skip
    found = read_days(use(*rows), as_of=MONDAY + timedelta(days=3), ids=True)
    assert found.ids is not None
    named = {(found.ids[int(who)].as_py(), int(day)) for who, day in zip(found.who, found.day, strict=True)}
    assert named == {("b", number(MONDAY)), ("a", number(next_day))}
    assert (found.first, found.last, found.people) == (MONDAY, MONDAY + timedelta(days=3), 2)
    accounts = read_days(use(*rows), as_of=MONDAY + timedelta(days=3), by="account", ids=True)
    assert accounts.ids is not None
    assert sorted(accounts.ids.to_pylist()) == ["a", "other"]


def test_nothing_at_all(use: Use) -> None:
    found = read_days(use(), as_of=MONDAY)
    assert found.people == 0
    assert active(found).counts[28].tolist() == [0]
    assert np.isnan(active(found).stickiness()).all()
    assert retention(found, "week").cohorts == []
    assert retention(found, "week").overall() == []
    assert lifecycle(found).starts_on == []
    assert active_by_period(found, "week") == []
