"""Retention: of those who began in one period, how many are there in the periods after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keepwell.engine.adoption.days import DaysOfUse
from keepwell.engine.adoption.periods import Period, is_over, period_number, period_of, starts_on


@dataclass(frozen=True)
class Retention:
    """A row for each cohort, a column for each number k of periods after the first.

    A cohort is everybody whose first use in the data falls into one period. `size`: how many they are. `recurring`:
    how many were active in period k; `cumulative`: in period k or any later one of the data. Column 0 is the cohort
    itself. `known`: whether period k has begun at the end of the data; other cells hold 0 and mean nothing. `over`:
    whether it is over; cells that are known and not over are partial.
    """

    period: Period
    cohorts: list[date]
    size: NDArray[np.int64]
    recurring: NDArray[np.int64]
    cumulative: NDArray[np.int64]
    known: NDArray[np.bool_]
    over: NDArray[np.bool_]

    def rates(self, *, cumulative: bool = False) -> NDArray[np.float64]:
        """Shares of the cohort, 0..1; NaN where the period has not begun, and for cohorts of nobody."""
        counts = self.cumulative if cumulative else self.recurring
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = counts / self.size[:, None]
        return np.where(self.known & (self.size[:, None] > 0), shares, np.nan)

    def overall(self, *, cumulative: bool = False, partial: bool = True) -> list[tuple[int, int, int]]:
        """All cohorts together: k, how many could be there, how many are, over the cohorts that know k.

        The ratio of the two is the mean of the cohorts' rates weighted by their sizes. `partial`: False leaves out
        periods that are not over.
        """
        counts, usable = self.cumulative if cumulative else self.recurring, self.known if partial else self.over
        return [
            (k, int(self.size[usable[:, k]].sum()), int(counts[usable[:, k], k].sum()))
            for k in range(counts.shape[1])
            if usable[:, k].any()
        ]


def retention(
    days: DaysOfUse, period: Period = "week", *, periods: int | None = None, today: date | None = None
) -> Retention:
    """The matrix of every cohort of the data over up to `periods` periods after the first (all without it)."""
    first, last = period_number(days.first, period), period_number(days.last, period)
    count = last - first + 1 if len(days.day) else 0
    width = count if periods is None else min(count, periods + 1)
    starts, ages, cohort_of = _cohorts(days, period, first)
    size = np.bincount(starts, minlength=count) if count else np.zeros(0, np.int64)
    recurring = _cells(cohort_of, ages, count)[:, :width]
    cumulative = _cells(*_last_ages(cohort_of, ages), count)[:, ::-1].cumsum(axis=1)[:, ::-1][:, :width]
    left = np.arange(count)[::-1]
    known = np.arange(width)[None, :] <= left[:, None]
    ends = np.array([is_over(first + at, period, days.last, today=today) for at in range(count)], bool)
    reached = np.minimum(np.arange(count)[:, None] + np.arange(width)[None, :], max(count - 1, 0))
    over = known & ends[reached] if count else known
    dates = [starts_on(first + at, period) for at in range(count)]
    return Retention(period, dates, size, recurring * known, cumulative * known, known, over)


def _cohorts(
    days: DaysOfUse, period: Period, first: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The cohort of each person; and of each person and period once: how old the cohort is, and which it is."""
    places = period_of(days.day, period).astype(np.int64) - first
    begins = np.ones(len(places), bool)
    begins[1:] = days.who[1:] != days.who[:-1]
    once = begins.copy()
    once[1:] |= places[1:] != places[:-1]
    starts = places[begins]
    cohort_of = starts[days.who[once]]
    return starts, places[once] - cohort_of, cohort_of


def _last_ages(cohort_of: NDArray[np.int64], ages: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each person the last period: whoever was there in period k or later has theirs at k or beyond.

    Rows are sorted by person, and age 0 begins a person.
    """
    ends = np.ones(len(ages), bool)
    ends[:-1] = ages[1:] == 0
    return cohort_of[ends], ages[ends]


def _cells(cohort: NDArray[np.int64], age: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.bincount(cohort * count + age, minlength=count * count).reshape(count, count)
