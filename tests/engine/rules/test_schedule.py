"""When schedules are due, over the changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.rules.schedule import next_due, rule_next_due
from tests.engine.rules.making import rule

BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        ("every day at 08:00", "2026-01-05 06:00", "2026-01-05 07:00"),
        ("every day at 08:00", "2026-01-05 07:00", "2026-01-06 07:00"),  # due now is not due again
        ("every weekday at 08:00", "2026-01-09 12:00", "2026-01-12 07:00"),
        ("every day at 08:00", "2026-03-28 12:00", "2026-03-29 06:00"),  # summer time began that night
        ("every day at 02:30", "2026-03-28 12:00", "2026-03-29 01:00"),  # left out: when the clock has moved on
        ("every day at 02:30", "2026-03-29 01:00", "2026-03-30 00:30"),
        ("every day at 02:30", "2026-10-24 12:00", "2026-10-25 00:30"),  # comes twice: the first time
        ("every day at 02:30", "2026-10-25 00:30", "2026-10-26 01:30"),
        ("every day at 02:30", "2026-10-25 01:00", "2026-10-26 01:30"),
        ("every hour", "2026-10-25 00:10", "2026-10-25 02:00"),
        ("every hour", "2026-03-29 00:30", "2026-03-29 01:00"),
        ("on the last day of each month at 06:00", "2026-02-01 00:00", "2026-02-28 05:00"),
        ("0 8 * * 1-5", "2026-01-09 12:00", "2026-01-12 07:00"),
    ],
)
def test_the_next_time_is_one_of_the_clock_in_its_zone(schedule: str, now: str, due: str) -> None:
    assert next_due(schedule, utc(now), BERLIN) == utc(due)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)), st.sampled_from(["every 2 hours", "every day at 02:15"])
)
def test_the_next_time_is_later_and_nothing_lies_between(now: datetime, schedule: str) -> None:
    start = now.replace(tzinfo=UTC)
    due = next_due(schedule, start, BERLIN)
    assert start < due <= start + timedelta(hours=26)
    assert next_due(schedule, due - timedelta(seconds=1), BERLIN) == due


def test_a_rule_is_due_when_the_first_of_its_schedules_is() -> None:
    one = rule(on=({"schedule": "every day at 08:00"}, {"schedule": "every day at 06:00"}, "score_change"))
    assert rule_next_due(one, utc("2026-01-05 00:00"), "UTC") == utc("2026-01-05 06:00")
    assert rule_next_due(rule(), utc("2026-01-05 00:00"), "UTC") is None
