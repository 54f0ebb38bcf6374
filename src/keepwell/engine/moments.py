"""The two times of every score: what had happened by the end of a date, and what was known when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from keepwell.errors import RequestRefused

FIRST = date(1000, 1, 1)
"""Windows reach back from a date, and stay in the calendar from this one."""


@dataclass(frozen=True, order=True)
class Moment:
    """`as_of`: a date in the project's time zone. `known_at`: a naive time in UTC, inclusive."""

    as_of: date
    known_at: datetime

    def before(self, days: int) -> Moment:
        """So many days earlier, with what is known now. Raises RequestRefused where that is before the year 1000."""
        if days and (self.as_of - FIRST).days < days:
            raise RequestRefused(
                f"changes look back {days} days from {self.as_of}, further than dates go; shorten 'over' of the metrics"
            )
        return Moment(self.as_of - timedelta(days=days), self.known_at)


def start_of_day(day: date, zone: str) -> datetime:
    """The naive UTC time at which `day` begins in `zone`."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def end_of_day(day: date, zone: str) -> datetime:
    """The last microsecond of `day` in `zone`, naive UTC."""
    return start_of_day(day + timedelta(days=1), zone) - timedelta(microseconds=1)


def moment(as_of: date, zone: str, known_at: datetime | None = None) -> Moment:
    """The moment at which `as_of` is looked at; known_at defaults to its end, so that nothing looks ahead.

    A `known_at` with an offset is converted to UTC; one without is taken to be in `zone`.
    """
    if known_at is None:
        return Moment(as_of, end_of_day(as_of, zone))
    aware = known_at if known_at.tzinfo else known_at.replace(tzinfo=ZoneInfo(zone))
    return Moment(as_of, aware.astimezone(UTC).replace(tzinfo=None))
