"""When something is due next. What is due stands in an indexed column, so that nothing is searched for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from keepwell.apps.connectors.models import Scheduled
from keepwell.errors import RequestRefused

_EVERY = re.compile(r"every (\d{1,4}) (minute|hour)s?")
_DAILY = re.compile(r"daily at (\d{1,2}):(\d{2})")
HELP = "every 15 minutes, every 6 hours, daily at 02:30 (UTC), or never"


class ScheduleRefused(RequestRefused):
    field = "schedule"


@dataclass(frozen=True)
class Schedule:
    """Both None: never by itself."""

    every_minutes: int | None = None
    daily_at: time | None = None

    def put_on(self, thing: Scheduled, now: datetime) -> None:
        """Sets the schedule of something; it is due at once where it had none."""
        had = thing.every_minutes, thing.daily_at
        thing.every_minutes, thing.daily_at = self.every_minutes, self.daily_at
        if had != (self.every_minutes, self.daily_at):
            thing.next_at = next_after(thing, now)


def schedule_of(text: str) -> Schedule:
    """From words. Raises RequestRefused for what is no schedule."""
    said = " ".join(text.lower().split())
    if said in ("", "never"):
        return Schedule()
    if every := _EVERY.fullmatch(said):
        minutes = int(every[1]) * (60 if every[2] == "hour" else 1)
        if 1 <= minutes <= 7 * 1440:
            return Schedule(every_minutes=minutes)
    if (daily := _DAILY.fullmatch(said)) and int(daily[1]) < 24 and int(daily[2]) < 60:
        return Schedule(daily_at=time(int(daily[1]), int(daily[2])))
    raise ScheduleRefused(f"'{text}' is no schedule: say {HELP}")


def in_words(thing: Scheduled) -> str:
    if thing.daily_at is not None:
        return f"daily at {thing.daily_at:%H:%M}"
    minutes = thing.every_minutes
    if not minutes:
        return "never"
    if minutes % 60 == 0:
        return f"every {minutes // 60} hour{'s' if minutes > 60 else ''}"
    return f"every {minutes} minute{'s' if minutes > 1 else ''}"


def next_after(thing: Scheduled, now: datetime) -> datetime | None:
    """The next time after `now`; None for never."""
    if thing.daily_at is not None:
        today = datetime.combine(now.astimezone(UTC).date(), thing.daily_at, UTC)
        return today if today > now else today + timedelta(days=1)
    return now + timedelta(minutes=thing.every_minutes) if thing.every_minutes else None


def fresh_within(thing: Scheduled, said_minutes: int | None) -> timedelta | None:
    """How old data may get before somebody is told: what was said, or twice the schedule and an hour; None: never."""
    if said_minutes:
        return timedelta(minutes=said_minutes)
    if thing.daily_at is not None:
        return timedelta(hours=26)
    return timedelta(minutes=2 * thing.every_minutes + 60) if thing.every_minutes else None
