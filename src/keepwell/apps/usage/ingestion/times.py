"""Event times as clients write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from keepwell.apps.usage.ingestion.refusals import BAD_TIME, FUTURE, MessageRefused

AHEAD = timedelta(days=1)
_OLDEST, _FIRST = datetime(1970, 1, 1, tzinfo=UTC), "1970"
_UTC = frozenset({"Z", "+00:00"})
_LOOSE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,6})?)\d*)?(.*))?")


def event_time(text: str, latest: str) -> str:
    """`text` in UTC with milliseconds. Raises MessageRefused for what is no time, or is later than `latest`."""
    found = _as_written(text) or written(_read(text))
    if found > latest:
        words = f"the event is dated {found}, more than a day ahead: mend the clock of the client"
        raise MessageRefused(FUTURE, words)
    return found


def written(moment: datetime) -> str:
    """A time in UTC as it is stored."""
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"


def _as_written(text: str) -> str | None:
    """Nearly all clients write a time that needs no more than a look."""
    if text[10:11] != "T" or text[19:20] != "." or text[23:] not in _UTC or text < _FIRST:
        return None
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return f"{text[:23]}Z"


def _read(text: str) -> datetime:
    try:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = datetime.fromisoformat(_padded(text))
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _no_time(text) from None
    if moment < _OLDEST:
        raise _no_time(text)
    return moment


def _padded(text: str) -> str:
    """Months, days and hours of one digit, which the documentation of the protocol has itself."""
    match = _LOOSE.fullmatch(text.strip())
    if match is None:
        raise ValueError
    year, month, day, hour, minute, second, zone = match.groups()
    whole, _, fraction = (second or "00").partition(".")
    clock = f"{int(hour or 0):02}:{minute or '00'}:{whole}.{fraction:0<6}"
    return f"{year}-{int(month):02}-{int(day):02}T{clock}{zone or ''}"


def _no_time(text: str) -> MessageRefused:
    return MessageRefused(BAD_TIME, f"{text[:60]!r} is no time since 1970: write 2026-01-31T12:00:00.000Z")
