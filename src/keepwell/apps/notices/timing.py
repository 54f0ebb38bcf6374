"""When mail of an alert goes out: at once, or in a digest, and never in quiet hours. Nothing here reads a clock.

Hours are those on the person's wall. On the day on which clocks go forward a time that is skipped is as much later as
was skipped; on the day on which they go back a time that comes twice is the first of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Digest = Literal["at_once", "daily", "weekly"]
_SATURDAY = 5
_MIDNIGHT = time(0)


@dataclass(frozen=True)
class Rhythm:
    """`at`, `weekday` (Monday is 0): of the digest. Quiet hours are from `quiet_from` until before `quiet_until`."""

    zone: ZoneInfo
    digest: Digest = "at_once"
    at: time = time(8)
    weekday: int = 0
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_weekends: bool = False


def goes_out(rhythm: Rhythm, now: datetime) -> datetime:
    """The moment for mail that is written at `now`, in UTC; `now` itself where it goes at once."""
    if rhythm.digest == "at_once":
        return end_of_quiet(rhythm, now)
    moments = list(_digests(rhythm, now))
    loud = (moment for moment in moments if end_of_quiet(rhythm, moment) == moment)
    return next(loud, end_of_quiet(rhythm, moments[0]))


def end_of_quiet(rhythm: Rhythm, moment: datetime) -> datetime:
    """`moment` in UTC, or when it stops being quiet where it is quiet then."""
    found = moment.astimezone(UTC)
    while (end := _night(rhythm, found) or _weekend(rhythm, found)) is not None:
        found = end
    return found


def digest_is_quiet(rhythm: Rhythm) -> bool:
    """Whether the time of the digest lies in quiet hours, so that it would never come at that time."""
    if rhythm.digest == "at_once" or rhythm.quiet_from is None or rhythm.quiet_until is None:
        return False
    if rhythm.quiet_from <= rhythm.quiet_until:
        return rhythm.quiet_from <= rhythm.at < rhythm.quiet_until
    return rhythm.at >= rhythm.quiet_from or rhythm.at < rhythm.quiet_until


def _digests(rhythm: Rhythm, now: datetime) -> Iterator[datetime]:
    """The next moments of the digest; enough of them to come out of any weekend."""
    today = now.astimezone(rhythm.zone).date()
    for ahead in range(16):
        day = today + timedelta(days=ahead)
        if rhythm.digest == "daily" or day.weekday() == rhythm.weekday:
            moment = _moment(rhythm, day, rhythm.at)
            if moment > now:
                yield moment


def _night(rhythm: Rhythm, moment: datetime) -> datetime | None:
    """When the quiet hours end that `moment` lies in."""
    if rhythm.quiet_from is None or rhythm.quiet_until is None or rhythm.quiet_from == rhythm.quiet_until:
        return None
    today = moment.astimezone(rhythm.zone).date()
    over_midnight = timedelta(days=int(rhythm.quiet_until < rhythm.quiet_from))
    for day in (today - timedelta(days=1), today):
        begins = _moment(rhythm, day, rhythm.quiet_from)
        ends = _moment(rhythm, day + over_midnight, rhythm.quiet_until)
        if begins <= moment < ends:
            return ends
    return None


def _weekend(rhythm: Rhythm, moment: datetime) -> datetime | None:
    today = moment.astimezone(rhythm.zone).date()
    if not rhythm.quiet_weekends or today.weekday() < _SATURDAY:
        return None
    return _moment(rhythm, today + timedelta(days=7 - today.weekday()), _MIDNIGHT)


def _moment(rhythm: Rhythm, day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, rhythm.zone).astimezone(UTC)
