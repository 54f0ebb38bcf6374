"""Times as sources write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from typing import Any

_MILLISECONDS = 100_000_000_000  # a number of seconds this large lies in the year 5138
_SHORT_OFFSET = re.compile(r"[+-]\d\d$")


def as_time(value: Any, zone: tzinfo = UTC) -> datetime:
    """A time in UTC: ISO texts (without offset: in `zone`), seconds or milliseconds since 1970. Raises ValueError."""
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)
    elif isinstance(value, bool):
        raise ValueError(value)
    elif isinstance(value, int | float):
        seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
        found = datetime.fromtimestamp(seconds, UTC)
    else:
        found = datetime.fromisoformat(str(value).strip())
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise ValueError(value) from None


def newest(one: Any, other: Any) -> Any:
    """The larger of two values of a cursor column; times by time, whatever their offset. None counts for nothing."""
    if one is None or other is None:
        return other if one is None else one
    try:
        return max(one, other, key=_order)
    except TypeError:
        return max(str(one), str(other))


def _order(value: Any) -> Any:
    if isinstance(value, int | float):
        return value
    try:
        return as_time(value)
    except ValueError:
        return str(value)
