"""When a schedule is due next, on the clock of its zone. Nothing here reads a clock.

A time that is skipped as clocks go forward is as much later as was skipped; of one that comes twice the first counts.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Every = Literal["day", "week", "month"]
_AHEAD = 64
"""Days to look at: more than any month has."""


@dataclass(frozen=True)
class Rhythm:
    """`weekday`: Monday is 0, of `every` week. `day`: of every month; its last where it is shorter."""

    every: Every
    at: time
    zone: ZoneInfo
    weekday: int = 0
    day: int = 1

    def falls_on(self, day: date) -> bool:
        if self.every == "week":
            return day.weekday() == self.weekday
        if self.every == "month":
            return day.day == min(self.day, monthrange(day.year, day.month)[1])
        return True


def next_moment(rhythm: Rhythm, after: datetime) -> datetime:
    """The first one later than `after`, in UTC."""
    today = after.astimezone(rhythm.zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(_AHEAD))
    moments = (datetime.combine(day, rhythm.at, rhythm.zone).astimezone(UTC) for day in days if rhythm.falls_on(day))
    return next(moment for moment in moments if moment > after)
