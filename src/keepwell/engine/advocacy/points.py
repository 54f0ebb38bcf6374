"""What an activity is worth on its day, and what is left of it later."""

from __future__ import annotations

from keepwell.definitions.advocacy import AdvocacyActivity

WON, LOST, OPEN = "won", "lost", "open"


def worth(kind: AdvocacyActivity, amount: float | None = None, result: str = "") -> float:
    """Points of one activity on its day: those of its kind, and those for its deal.

        points + min(at_most, impact.points * amount / per + (won if the deal is won))

    `amount`: of the deal that it influenced, None or not above 0: nothing for the amount. `result`: open, won, lost,
    or empty without a deal; a deal that is lost gives nothing.
    """
    if kind.impact is None or result not in (OPEN, WON):
        return kind.points
    gained = kind.impact.points * max(amount or 0.0, 0.0) / kind.impact.per
    gained += kind.impact.won if result == WON else 0.0
    return kind.points + (gained if kind.impact.at_most is None else min(gained, kind.impact.at_most))


def left(points: float, age: int, half_life: int | None = None, zero_after: int | None = None) -> float:
    """What is left of points after `age` days.

        points * 0.5 ** (age / half_life)           with a half-life in days
        points * max(0, 1 - age / zero_after)       where they fall evenly to nothing
        points                                      with neither

    Before its day (a negative age) an activity is worth nothing.
    """
    if age < 0:
        return 0.0
    if half_life is not None:
        return float(points * 0.5 ** (age / half_life))
    return points * max(0.0, 1 - age / zero_after) if zero_after is not None else points
