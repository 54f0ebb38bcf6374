"""Where a person or an account stands: how much, how lately, in how many ways, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from keepwell.engine.advocacy.points import LOST, WON, left

Whose = TypeVar("Whose", bound=Hashable)


@dataclass(frozen=True)
class Done:
    """One activity. `points`: on its day; `deal`: a key, the same for one deal everywhere; `amount` of the deal."""

    id: int
    kind: str
    day: date
    account: str
    person: str | None = None
    points: float = 0.0
    half_life: int | None = None
    zero_after: int | None = None
    deal: str = ""
    amount: float = 0.0
    result: str = ""
    decided_on: date | None = None

    def left_on(self, day: date) -> float:
        return left(self.points, (day - self.day).days, self.half_life, self.zero_after)


@dataclass(frozen=True)
class Standing:
    """At a date, of all that was done by then. `breadth`: distinct kinds; `recency`: days since the latest, None
    without any; `influenced`, `won`: amounts of deals, each counted once, those lost left out."""

    count: int = 0
    breadth: int = 0
    recency: int | None = None
    points: float = 0.0
    influenced: float = 0.0
    won: float = 0.0


def standing(done: Iterable[Done], day: date) -> Standing:
    """The standing of all these together."""
    by_then = [one for one in done if one.day <= day]
    if not by_then:
        return Standing()
    alive = [one for one in deals(by_then) if one.result != LOST]
    return Standing(
        count=len(by_then),
        breadth=len({one.kind for one in by_then}),
        recency=(day - max(one.day for one in by_then)).days,
        points=sum(one.left_on(day) for one in by_then),
        influenced=sum(one.amount for one in alive),
        won=sum(one.amount for one in alive if one.result == WON),
    )


def standings(done: Iterable[Done], day: date, whose: Callable[[Done], Whose | None]) -> Mapping[Whose, Standing]:
    """The standing of each of whom `whose` tells; activities for which it tells nothing are left out."""
    parts: dict[Whose, list[Done]] = {}
    for one in done:
        if (key := whose(one)) is not None:
            parts.setdefault(key, []).append(one)
    return {key: standing(part, day) for key, part in parts.items()}


def deals(done: Iterable[Done]) -> list[Done]:
    """Each deal once, by the activity that came first; activities without a deal are left out."""
    found: dict[str, Done] = {}
    for one in sorted(done, key=lambda one: (one.day, one.id)):
        if one.deal:
            found.setdefault(one.deal, one)
    return list(found.values())


@dataclass(frozen=True)
class Quarter:
    """Deals that were first influenced in a quarter, such as 2026-Q4: amounts by what became of them."""

    name: str
    deals: int
    open: float
    won: float
    lost: float


def pipeline(done: Iterable[Done]) -> list[Quarter]:
    """Influenced amounts by quarter, the latest first; a deal stands in the quarter of its first activity, once."""
    found: dict[str, list[Done]] = {}
    for one in deals(done):
        found.setdefault(quarter_of(one.day), []).append(one)
    return [_quarter(name, part) for name, part in sorted(found.items(), reverse=True)]


def _quarter(name: str, part: list[Done]) -> Quarter:
    amounts = {result: sum(one.amount for one in part if one.result == result) for result in (WON, LOST)}
    rest = sum(one.amount for one in part if one.result not in (WON, LOST))
    return Quarter(name, len(part), rest, amounts[WON], amounts[LOST])


def quarter_of(day: date) -> str:
    """The quarter of the calendar: 2026-Q4."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def quarter_began(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
