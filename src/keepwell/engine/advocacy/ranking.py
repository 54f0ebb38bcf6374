"""Whom to ask first: a few plain points, each with its reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PATIENCE = 365
"""Days after which it makes no difference any more when somebody was asked last."""


@dataclass(frozen=True)
class Traits:
    """What speaks for somebody. `times`: activities of the kind that is wanted; `asked_days`: None if never asked."""

    is_advocate: bool
    health: str | None
    times: int
    kind: str
    asked_days: float | None
    against: Sequence[str] = ()


@dataclass(frozen=True)
class Rank:
    """`points`: from 0 to 100; whoever something stands against comes after all others."""

    points: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def order(self) -> tuple[bool, float]:
        return bool(self.against), -self.points


def rank(one: Traits) -> Rank:
    """40 for an active advocate, 20 for a healthy account (10 for one in between), 10 for each time they did this
    before (at most 20), and up to 20 for the time since they were last asked, all of it after a year or if never."""
    parts = [
        (40.0 if one.is_advocate else 0.0, "an advocate" if one.is_advocate else "no advocate yet"),
        _health(one.health),
        (10.0 * min(one.times, 2), _times(one)),
        _peace(one.asked_days),
    ]
    return Rank(sum(points for points, _ in parts), tuple(words for _, words in parts), tuple(one.against))


def _health(health: str | None) -> tuple[float, str]:
    known = {
        "good": (20.0, "the account is healthy"),
        "middle": (10.0, "the account is neither healthy nor at risk"),
        "bad": (0.0, "the account is at risk"),
    }
    return known.get(health or "", (0.0, "the health of the account is not known"))


def _times(one: Traits) -> str:
    if not one.times:
        return f"has not done a {one.kind.lower()} yet"
    return f"did a {one.kind.lower()} {'once' if one.times == 1 else f'{one.times} times'}"


def _peace(days: float | None) -> tuple[float, str]:
    if days is None:
        return 20.0, "was never asked"
    when = "today" if days < 1 else "yesterday" if days < 2 else f"{days:.0f} days ago"
    return 20.0 * min(max(days, 0.0), PATIENCE) / PATIENCE, f"was last asked {when}"
