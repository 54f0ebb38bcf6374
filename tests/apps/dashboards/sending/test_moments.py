"""When a schedule is due, on the clock of its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.apps.dashboards.sending.moments import Rhythm, next_moment

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "after", "next_one"),
    [
        (Rhythm("day", time(8), BERLIN), "2026-03-02 07:00", "2026-03-03 07:00"),
        (Rhythm("day", time(8), BERLIN), "2026-03-02 06:59", "2026-03-02 07:00"),
        (Rhythm("day", time(8), BERLIN), "2026-03-28 12:00", "2026-03-29 06:00"),  # clocks went forward
        (Rhythm("week", time(8), BERLIN, weekday=4), "2026-03-02 07:00", "2026-03-06 07:00"),
        (Rhythm("week", time(8), BERLIN, weekday=0), "2026-03-02 07:00", "2026-03-09 07:00"),
        (Rhythm("month", time(0, 30), BERLIN, day=31), "2026-02-01 00:00", "2026-02-27 23:30"),
        (Rhythm("month", time(0, 30), BERLIN, day=31), "2026-02-28 00:00", "2026-03-30 22:30"),
    ],
)
def test_the_next_moment_is_on_the_wall_clock_of_the_zone(rhythm: Rhythm, after: str, next_one: str) -> None:
    assert next_moment(rhythm, at(after)) == at(next_one)


@pytest.mark.slow
@settings(max_examples=40)
@given(
    every=st.sampled_from(["day", "week", "month"]), weekday=st.integers(0, 6), day=st.integers(1, 31),
    clock=st.times(), after=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
)  # fmt: skip
def test_moments_follow_each_other_and_none_is_left_out(
    every: str, weekday: int, day: int, clock: time, after: datetime
) -> None:
    rhythm = Rhythm(every, clock, BERLIN, weekday, day)  # type: ignore[arg-type]
    first = next_moment(rhythm, after.replace(tzinfo=UTC))
    second = next_moment(rhythm, first)
    assert after.replace(tzinfo=UTC) < first < second
    days = [first.astimezone(BERLIN).date() + timedelta(days=one) for one in range(1, 40)]
    assert second.astimezone(BERLIN).date() == next(one for one in days if rhythm.falls_on(one))
    assert rhythm.falls_on(date.fromisoformat(first.astimezone(BERLIN).date().isoformat()))
