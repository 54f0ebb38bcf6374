"""Event times, as clients were seen to write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.apps.usage.ingestion.refusals import MessageRefused
from keepwell.apps.usage.ingestion.times import event_time

LATEST = "2100-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21T17:53:31.821+00:00", "2026-11-21T17:53:31.821Z"),
        ("2026-11-21T17:53:31.821Z", "2026-11-21T17:53:31.821Z"),
        ("2026-01-02T03:04:05.678000+00:00", "2026-01-02T03:04:05.678Z"),
        ("2015-2-02T00:30:08.276Z", "2015-02-02T00:30:08.276Z"),
        ("2015-2-2T0:30:08Z", "2015-02-02T00:30:08.000Z"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123Z"),
        ("2026-1-02T03:04:05.123456789+02:00", "2026-01-02T01:04:05.123Z"),
        ("2026-01-02 03:04:05", "2026-01-02T03:04:05.000Z"),
        ("2026-01-02", "2026-01-02T00:00:00.000Z"),
    ],
)
def test_every_way_of_writing_becomes_utc_with_milliseconds(text: str, expected: str) -> None:
    assert event_time(text, LATEST) == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01T00:00:00.000Z", "2026-02-30T00:00:00.000Z", "1969-12-31T23:59:59.000Z",
             "0001-01-01T00:00:00.000+14:00", "2026-01-02T25:00:00.000Z", "1795283611", "2026-01-02T03:04:05.6780Q"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_words(text: str) -> None:
    with pytest.raises(MessageRefused, match="is no time since 1970") as refused:
        event_time(text, LATEST)
    assert refused.value.reason == "bad_time"


def test_a_time_ahead_is_refused_as_one_of_the_future() -> None:
    latest = "2026-01-02T00:00:00.000Z"
    assert event_time(latest, latest) == latest
    with pytest.raises(MessageRefused) as refused:
        event_time("2026-01-02T00:00:00.001Z", latest)
    assert refused.value.reason == "future"


@pytest.mark.slow
@given(
    st.datetimes(datetime(1970, 1, 3), datetime(2090, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from(["milliseconds", "microseconds", "seconds", "auto"]),
)
def test_any_zone_and_precision_is_the_same_moment(moment: datetime, offset: int, precision: str) -> None:
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    found = datetime.fromisoformat(event_time(zoned.isoformat(timespec=precision), LATEST))
    cut = zoned.replace(microsecond=0) if precision == "seconds" else zoned
    assert timedelta(0) <= cut.astimezone(UTC) - found < timedelta(milliseconds=1)
