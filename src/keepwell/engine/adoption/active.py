"""Active users: how many used it on a day, and within the days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keepwell.engine.adoption.days import DaysOfUse, Ints
from keepwell.engine.adoption.periods import Period, first_of_runs, is_over, period_number, period_of, starts_on

Counts = NDArray[np.int64]
WINDOWS = (1, 7, 28)
"""Daily, weekly and monthly: 28 days hold every weekday four times, so that weekends move nothing."""


@dataclass(frozen=True)
class Active:
    """`counts`: by window, how many were active on at least one of the days D-window+1 .. D, for every D of `dates`.

    The first days of the data look back on less than a whole window. `partial`: the last day is not over yet.
    """

    dates: list[date]
    counts: dict[int, Counts]
    partial: bool = False

    def stickiness(self, long: int = 28) -> NDArray[np.float64]:
        """Daily over monthly active users of each date, 0..1: which share of the month's users came that day.

        NaN on dates without anybody in the month.
        """
        month = self.counts[long].astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(month > 0, self.counts[1] / month, np.nan)


def active(days: DaysOfUse, windows: Sequence[int] = WINDOWS, *, today: date | None = None) -> Active:
    """Distinct users within each window, for every date of the range.

    Somebody active on day d counts from d until d+window-1, or until the day before they come again: so each use opens
    an interval and closes one, and the count of a date is the running sum, however long the windows are.
    """
    offset, gap = days.offsets(), _gaps(days)
    opens = np.bincount(offset, minlength=days.span)
    counts = {}
    for window in windows:
        closes = offset + np.minimum(gap, window)
        counts[window] = np.cumsum(opens - np.bincount(closes, minlength=days.span + 1)[: days.span])
    return Active(days.dates(), counts, partial=today is not None and days.last >= today)


def _gaps(days: DaysOfUse) -> Ints:
    """Days until the same person comes again; after the last time as far as the range and beyond."""
    gap = np.full(len(days.day), days.span, np.int32)
    same = days.who[1:] == days.who[:-1]
    gap[:-1][same] = (days.day[1:] - days.day[:-1])[same]
    return gap


@dataclass(frozen=True)
class InPeriod:
    """Active users of one week or month. `mean_daily`: mean of its days within the data; `stickiness`: their ratio.

    `partial`: it is not over at the end of the data.
    """

    starts_on: date
    active: int
    mean_daily: float
    partial: bool

    @property
    def stickiness(self) -> float | None:
        return self.mean_daily / self.active if self.active else None


def active_by_period(days: DaysOfUse, period: Period, *, today: date | None = None) -> list[InPeriod]:
    """Distinct users of each calendar week (from Monday) or month, the oldest first; those without anybody too.

    The mean of daily users is over those dates of the period that lie in the data, from its first day to its last.
    """
    if not len(days.day):
        return []
    first, last = period_number(days.first, period), period_number(days.last, period)
    places = period_of(days.day, period)
    once = first_of_runs(days.who, places)
    people = np.bincount(places[once] - first, minlength=last - first + 1)
    uses = np.bincount(places - first, minlength=last - first + 1)
    every = np.arange(days.span, dtype=np.int32) + days.day.dtype.type(_start(days))
    length = np.bincount(period_of(every, period) - first, minlength=last - first + 1)
    return [
        InPeriod(starts_on(first + at, period), int(people[at]), float(uses[at] / length[at]),
                 not is_over(first + at, period, days.last, today=today))
        for at in range(last - first + 1)
    ]  # fmt: skip


def _start(days: DaysOfUse) -> int:
    return int((days.day - days.offsets())[0])
