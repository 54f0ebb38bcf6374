"""When a schedule is next due: a pure function of a moment and the time zone, over both changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

from keepwell.definitions.rules import Rule
from keepwell.definitions.schedules import cron_of
from keepwell.definitions.triggers import Scheduled


def next_due(schedule: str, now: datetime, zone: str) -> datetime:
    """The first time after `now` (with an offset) at which a schedule is due, in UTC; seconds are 0.

    Schedules name times of the clock in `zone`. A time that the clock leaves out in spring is due when the clock has
    moved on (02:30 at 03:00, where it skips from 02:00 to 03:00); one that comes twice in autumn is due the first time
    alone. Raises ValueError for a text that is no schedule.
    """
    place = ZoneInfo(zone)
    start = now.astimezone(place).replace(tzinfo=None) - timedelta(hours=3)  # the same hour may lie twice behind
    times = croniter(cron_of(schedule), start, ret_type=datetime)
    while True:
        due = _instant(times.get_next(datetime), place)
        if due > now.astimezone(UTC):
            return due


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    return _after_gap(local, zone)


def _after_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which a gap of the clock ends: the first minute of the day whose offset is the later one."""
    later = local.replace(tzinfo=zone, fold=0).astimezone(UTC)  # by the offset before: behind the gap
    offset = later.astimezone(zone).utcoffset()
    while (later - timedelta(minutes=1)).astimezone(zone).utcoffset() == offset:
        later -= timedelta(minutes=1)
    return later


def rule_next_due(rule: Rule, now: datetime, zone: str) -> datetime | None:
    """The first time after `now` at which a rule starts by itself; None for a rule without schedules."""
    schedules = [one.schedule for one in rule.on if isinstance(one, Scheduled)]
    return min((next_due(one, now, zone) for one in schedules), default=None)
