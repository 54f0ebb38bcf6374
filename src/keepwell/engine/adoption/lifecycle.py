"""Lifecycle: whether those who are active are new, were there before, or came back; and who stayed away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keepwell.engine.adoption.days import DaysOfUse
from keepwell.engine.adoption.periods import Period, first_of_runs, is_over, period_number, period_of, starts_on

NEW, RETURNING, RESURRECTED, DORMANT = "new", "returning", "resurrected", "dormant"


@dataclass(frozen=True)
class Lifecycle:
    """Counts for each period, the oldest first.

    new: active for the first time in the data. returning: active, and in the period before. resurrected: active, not in
    the period before, but at some time before that. dormant: active in the period before and not in this one. The first
    three add up to the active users. `partial`: the period is not over, so its dormant are still too many.
    """

    starts_on: list[date]
    new: NDArray[np.int64]
    returning: NDArray[np.int64]
    resurrected: NDArray[np.int64]
    dormant: NDArray[np.int64]
    partial: list[bool]


def lifecycle(days: DaysOfUse, period: Period = "week", *, today: date | None = None) -> Lifecycle:
    """From the first period of the data to that of its last day."""
    first, last = period_number(days.first, period), period_number(days.last, period)
    count = last - first + 1 if len(days.day) else 0
    places = period_of(days.day, period) - np.int32(first)
    once = first_of_runs(days.who, places)
    who, place = days.who[once], places[once]
    begins = np.ones(len(who), bool)
    begins[1:] = who[1:] != who[:-1]
    follows = np.zeros(len(who), bool)
    follows[1:] = ~begins[1:] & (place[1:] == place[:-1] + 1)
    left = np.ones(len(who), bool)
    left[:-1] = ~follows[1:]

    def by(rows: NDArray[np.bool_], later: int = 0) -> NDArray[np.int64]:
        return np.bincount(place[rows] + later, minlength=count + 1)[:count]

    return Lifecycle(
        starts_on=[starts_on(first + at, period) for at in range(count)],
        new=by(begins), returning=by(follows), resurrected=by(~begins & ~follows), dormant=by(left, 1),
        partial=[not is_over(first + at, period, days.last, today=today) for at in range(count)],
    )  # fmt: skip


def states(days: DaysOfUse, period: Period = "week") -> NDArray[np.str_]:
    """The state of everybody in the period of the last day, by number of who: as above, and dormant for all who are
    away, however long."""
    last = period_number(days.last, period)
    places = period_of(days.day, period)
    now = np.zeros(days.people, bool)
    before, earlier = now.copy(), now.copy()
    now[days.who[places == last]] = True
    before[days.who[places == last - 1]] = True
    earlier[days.who[places < last - 1]] = True
    conditions = [~now, before, earlier]
    return np.select(conditions, [DORMANT, RETURNING, RESURRECTED], NEW)
