"""Dates, times and steps as people type them on the command line."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import typer

from keepwell.errors import RequestRefused

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
"""Windows reach back from a date and ends of days beyond it, so dates keep clear of the ends of the calendar."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EVERY = re.compile(r"(\d{1,4})\s*(day|days|week|weeks|month|months)")
MAX_DATES = 5_000


def parse_date(text: str | date) -> date:
    """An ISO date. Anything else is wrong usage; a date outside FIRST..LAST is refused."""
    if isinstance(text, date):
        return text
    try:
        if not _DATE.fullmatch(text.strip()):
            raise ValueError
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"'{text[:40]}' is not a date; write year-month-day, such as 2026-10-31") from None
    return _in_range(found)


def parse_known_at(text: str | datetime) -> datetime:
    """An ISO time, with an offset or without; a date alone is its last moment."""
    if isinstance(text, datetime):
        return text
    if _DATE.fullmatch(text.strip()):
        return datetime.combine(parse_date(text), datetime.max.time())
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(
            f"'{text[:40]}' is not a time; write 2026-10-31, 2026-10-31T18:00 or 2026-10-31T18:00+02:00"
        ) from None
    _in_range(found.date())
    return found if found.tzinfo is None else found.astimezone(UTC)


def _in_range(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise RequestRefused(f"the date {day} is out of range; dates lie between {FIRST} and {LAST}")
    return day


@dataclass(frozen=True)
class Every:
    """A step between dates: `count` days, or months."""

    count: int
    months: bool = False

    def __str__(self) -> str:
        unit = "month" if self.months else "week" if self.count % 7 == 0 else "day"
        count = self.count // 7 if unit == "week" else self.count
        return unit if count == 1 else f"{count} {unit}s"


def parse_every(text: str | Every) -> Every:
    """day, week, month, or a number of them: "10 days"."""
    if isinstance(text, Every):
        return text
    words = text.strip().lower()
    match = _EVERY.fullmatch(words if words[:1].isdigit() else f"1 {words}")
    if match is None or int(match[1]) == 0:
        raise typer.BadParameter(f"'{text[:40]}' is no step; write day, week, month, or a number of them: '10 days'")
    count = int(match[1])
    if match[2].startswith("month"):
        return Every(count, months=True)
    return Every(count * 7 if match[2].startswith("week") else count)


def steps(first: date, last: date, every: Every) -> list[date]:
    """`last` and the dates before it at this distance, down to `first`, in ascending order.

    Months keep the day of `last`, or take the last day of a shorter month. Raises RequestRefused where `first` lies
    after `last`, or where there are more dates than one run should write.
    """
    if first > last:
        raise RequestRefused(f"--from {first} lies after --to {last}; give the earlier date first")
    found = []
    for day in _backwards(last, every):
        if day < first:
            break
        found.append(day)
        if len(found) > MAX_DATES:
            raise RequestRefused(f"more than {MAX_DATES} dates; take a longer step with --every, or a shorter time")
    return found[::-1]


def _backwards(last: date, every: Every) -> Iterator[date]:
    for index in range(MAX_DATES + 1):
        yield months_before(last, every.count * index) if every.months else last - timedelta(every.count * index)


def months_before(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
