"""Days, weeks from Monday, and calendar months, as consecutive whole numbers."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from keepwell.engine.adoption.days import Ints, dated, number

Period = Literal["day", "week", "month"]


def period_of(day: Ints, period: Period) -> Ints:
    """The number of the period each day (since 1970-01-01) lies in; the next period is the next number."""
    if period == "day":
        return day
    if period == "week":
        return (day + np.int32(3)) // np.int32(7)  # 1970-01-01 was a Thursday
    months = day.astype("datetime64[D]").astype("datetime64[M]")
    return months.astype(np.int32)


def period_number(day: date, period: Period) -> int:
    return int(period_of(np.array([number(day)], np.int32), period)[0])


def starts_on(place: int, period: Period) -> date:
    """The first day of a period."""
    if period == "day":
        return dated(place)
    if period == "week":
        return dated(place * 7 - 3)
    return date(1970 + place // 12, place % 12 + 1, 1)


def is_over(place: int, period: Period, as_of: date, *, today: date | None = None) -> bool:
    """Whether all days of a period lie in the data: up to `as_of`, and before `today`, which is not over yet."""
    last_whole = as_of if today is None or as_of < today else dated(number(today) - 1)
    return starts_on(place + 1, period) <= dated(number(last_whole) + 1)


def first_of_runs(who: Ints, places: Ints) -> NDArray[np.bool_]:
    """The first row of each person and period; rows are sorted by both."""
    first = np.ones(len(who), bool)
    first[1:] = (who[1:] != who[:-1]) | (places[1:] != places[:-1])
    return first
