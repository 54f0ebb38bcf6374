"""Results of a question over time and by segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from keepwell.definitions.survey_questions import Scale
from keepwell.engine.adoption.days import Ints, number
from keepwell.engine.adoption.periods import Period, is_over, period_of, starts_on
from keepwell.engine.surveys.intervals import Estimate, difference
from keepwell.engine.surveys.scoring import Numbers, headline

FEW = 10
"""Below so many answers nothing is compared."""


@dataclass(frozen=True)
class Point:
    """The score of one period; `whole`: its last day is over."""

    starts_on: date
    score: Estimate | None
    whole: bool


@dataclass(frozen=True)
class Segment:
    """The score in a segment, and its difference from everybody else who answered (None where either side is small)."""

    name: str
    score: Estimate
    against_rest: Estimate | None


def days_of(dates: Sequence[date]) -> Ints:
    """Dates as days since 1970-01-01."""
    return np.array([number(day) for day in dates], dtype=np.int32)


def trend(question: Scale, numbers: Numbers, days: Ints, period: Period, as_of: date) -> tuple[Point, ...]:
    """The score of each period from the first answer to the last, periods without an answer included.

    `days`: [n] since 1970-01-01, in the project's time zone. Answers after `as_of` are not looked at.
    """
    seen = (days <= number(as_of)) & ~np.isnan(numbers)
    places, given = period_of(days[seen], period), numbers[seen]
    if not len(given):
        return ()
    return tuple(
        Point(starts_on(place, period), headline(question, given[places == place]), is_over(place, period, as_of))
        for place in range(int(places.min()), int(places.max()) + 1)
    )


def segments(question: Scale, numbers: Numbers, names: Sequence[str | None]) -> tuple[Segment, ...]:
    """The score in each segment, by name. `names`: [n], None for answers without one, which count among the rest."""
    labels = np.array([name or "" for name in names], dtype=object)
    given = ~np.isnan(numbers)
    found = []
    for name in sorted({one for one in names if one}):
        inside = labels == name
        score = headline(question, numbers[inside & given])
        if score is not None:
            found.append(Segment(name, score, against(question, numbers[inside & given], numbers[~inside & given])))
    return tuple(found)


def against(question: Scale, some: Numbers, others: Numbers, few: int = FEW) -> Estimate | None:
    """The score of some less that of others, in points, with its interval; None where fewer than `few` answered."""
    one, other = headline(question, some), headline(question, others)
    if one is None or other is None or min(one.count, other.count) < few:
        return None
    return difference(one, other)
