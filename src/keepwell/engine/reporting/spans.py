"""Periods as days: from the first to the last, and the period before."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from keepwell.definitions.periods import Period

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days from `first` (None: as far as rows go) to `last`, both included."""

    first: date | None
    last: date

    @property
    def days(self) -> int | None:
        return None if self.first is None else (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"up to {self.last}" if self.first is None else f"{self.first} to {self.last}"


def span_of(period: Period, as_of: date) -> Span:
    """The days of a period that ends with, or is before, `as_of`.

    `N days`, `N weeks`: so many days up to `as_of`, 7 a week. `N months` (quarters, years): from the day after the same
    day N months ago, or after the last of that month where it has no such day. `this_month`: from its first day.
    `last_month`: the whole one before. Weeks begin on Monday.
    """
    if period.place == "all":
        return Span(None, as_of)
    if period.place == "rolling":
        return Span(_back(as_of, period.unit, period.count) + _DAY, as_of)
    start = start_of(as_of, period.unit)
    if period.place == "this":
        return Span(start, as_of)
    return Span(start_of(start - _DAY, period.unit), start - _DAY)


def span_before(period: Period, as_of: date) -> Span | None:
    """The period before, as long as it; None before all days.

    Of `this_month` the month before up to the same day of it, or its last: a part is compared with a like part.
    """
    span = span_of(period, as_of)
    if span.first is None:
        return None
    if period.place == "rolling":
        last = span.first - _DAY
        return Span(_back(as_of, period.unit, 2 * period.count) + _DAY, last)
    first = start_of(span.first - _DAY, period.unit)
    if period.place == "last":
        return Span(first, span.first - _DAY)
    return Span(first, min(_as_far_in(first, span, period.unit), span.first - _DAY))


def _as_far_in(first: date, span: Span, unit: str) -> date:
    assert span.first is not None
    if unit == "week":
        return first + (span.last - span.first)
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month
    return _months_later(first.replace(day=1), months, span.last.day)


def _back(day: date, unit: str, count: int) -> date:
    if unit in _MONTHS:
        return _months_later(day, -count * _MONTHS[unit], day.day)
    return day - timedelta(days=count * (7 if unit == "week" else 1))


def _months_later(day: date, months: int, day_of_month: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day_of_month, monthrange(year, month + 1)[1]))


def start_of(day: date, unit: str) -> date:
    """The first day of the day, week (from Monday), month, quarter or year that a day lies in."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def following(start: date, unit: str) -> date:
    """The first day of the unit after the one that begins on `start`."""
    if unit in _MONTHS:
        return _months_later(start, _MONTHS[unit], 1)
    return start + timedelta(days=7 if unit == "week" else 1)


def starts_in(span: Span, unit: str) -> list[date]:
    """The first days of all units that a span touches, in order; none where it has no beginning."""
    found: list[date] = []
    at = start_of(span.first, unit) if span.first is not None else span.last + _DAY
    while at <= span.last:
        found.append(at)
        at = following(at, unit)
    return found
