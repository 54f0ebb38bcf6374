"""When mail goes out, on the days on which clocks change too."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.apps.notices.timing import Rhythm, digest_is_quiet, end_of_quiet, goes_out

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT: dict[str, Any] = {"quiet_from": time(22), "quiet_until": time(7)}


def at(text: str) -> datetime:
    """UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        ("2026-11-18T12:00", "2026-11-18T12:00"),
        ("2026-11-18T21:59", "2026-11-18T21:59"),
        ("2026-11-18T22:00", "2026-11-19T07:00"),
        ("2026-11-19T03:00", "2026-11-19T07:00"),
        ("2026-11-19T07:00", "2026-11-19T07:00"),
        ("2026-11-20T23:00", "2026-11-23T07:00"),  # Friday night, and the weekend after it
        ("2026-11-21T12:00", "2026-11-23T07:00"),
        ("2026-11-22T23:30", "2026-11-23T07:00"),
    ],
)
def test_mail_of_quiet_hours_and_weekends_comes_when_they_end(now: str, goes: str) -> None:
    rhythm = Rhythm(BERLIN, quiet_weekends=True, **NIGHT)
    assert goes_out(rhythm, berlin(now)) == berlin(goes)


def test_quiet_hours_within_a_day() -> None:
    rhythm = Rhythm(BERLIN, quiet_from=time(12), quiet_until=time(13))
    assert goes_out(rhythm, berlin("2026-11-18T12:30")) == berlin("2026-11-18T13:00")
    assert goes_out(rhythm, berlin("2026-11-18T13:00")) == berlin("2026-11-18T13:00")


@pytest.mark.parametrize(
    ("rhythm", "now", "goes"),
    [
        (Rhythm(BERLIN, "daily", time(8)), "2026-11-18T07:59", "2026-11-18T08:00"),
        (Rhythm(BERLIN, "daily", time(8)), "2026-11-18T08:00", "2026-11-19T08:00"),
        (Rhythm(BERLIN, "daily", time(8), quiet_weekends=True), "2026-11-20T09:00", "2026-11-23T08:00"),
        (Rhythm(BERLIN, "weekly", time(8), 4), "2026-11-18T12:00", "2026-11-20T08:00"),
        (Rhythm(BERLIN, "weekly", time(8), 4), "2026-11-20T08:00", "2026-11-27T08:00"),
    ],
)
def test_digests_come_at_their_time(rhythm: Rhythm, now: str, goes: str) -> None:
    assert goes_out(rhythm, berlin(now)) == berlin(goes)


def test_a_time_that_clocks_skip_comes_an_hour_later_and_once() -> None:
    rhythm = Rhythm(BERLIN, "daily", time(2, 30))
    before = berlin("2026-03-29T01:00")
    assert goes_out(rhythm, before) == at("2026-03-29T01:30")  # 3:30 on the wall
    assert goes_out(rhythm, at("2026-03-29T01:30")) == at("2026-03-30T00:30")


def test_a_time_that_comes_twice_is_the_first_and_not_the_second_too() -> None:
    rhythm = Rhythm(BERLIN, "daily", time(2, 30))
    assert goes_out(rhythm, at("2026-10-25T00:00")) == at("2026-10-25T00:30")
    assert goes_out(rhythm, at("2026-10-25T00:30")) == at("2026-10-26T01:30")
    assert goes_out(rhythm, at("2026-10-25T01:10")) == at("2026-10-26T01:30")  # 2:10 for the second time


def test_a_night_in_which_clocks_change_is_an_hour_shorter_or_longer() -> None:
    rhythm = Rhythm(BERLIN, **NIGHT)
    spring, autumn = berlin("2026-03-28T22:00"), berlin("2026-10-24T22:00")
    assert end_of_quiet(rhythm, spring) - spring == timedelta(hours=8)
    assert end_of_quiet(rhythm, autumn) - autumn == timedelta(hours=10)


def test_quiet_hours_that_end_in_the_hour_that_comes_twice_end_once() -> None:
    rhythm = Rhythm(BERLIN, quiet_from=time(22), quiet_until=time(2, 30))
    assert end_of_quiet(rhythm, at("2026-10-25T00:10")) == at("2026-10-25T00:30")
    assert end_of_quiet(rhythm, at("2026-10-25T01:10")) == at("2026-10-25T01:10")


_TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
_MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
_ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


@pytest.mark.slow
@given(_MOMENTS, _ZONES, st.sampled_from(["at_once", "daily", "weekly"]), _TIMES, st.integers(0, 6), _TIMES, _TIMES,
       st.booleans())  # fmt: skip
def test_mail_never_goes_out_in_the_past_or_in_quiet_hours_nor_weeks_later(
    now: datetime, zone: str, digest: Any, wall: time, day: int, begins: time, ends: time, weekends: bool
) -> None:
    rhythm = Rhythm(ZoneInfo(zone), digest, wall, day, begins, ends, weekends)
    goes = goes_out(rhythm, now)
    assert now <= goes <= now + timedelta(days=17)
    assert end_of_quiet(rhythm, goes) == goes
    if digest == "daily" and not digest_is_quiet(rhythm):
        assert goes <= now + timedelta(days=4)
