"""What was left out of a study, and why, so that nothing disappears in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

NAMED = 5
"""So many accounts are named as examples."""


@dataclass(frozen=True)
class Aside:
    """Rows of one kind that were left out, counted once, or treated in another special way.

    `what`: a sentence without its count, such as "decisions of one account on one day contradict each other and were
    left out". `rows`: how many. `accounts`: a few of them, in order.
    """

    what: str
    rows: int
    accounts: tuple[str, ...] = ()

    def __str__(self) -> str:
        such = f" (such as {', '.join(self.accounts)})" if self.accounts else ""
        return f"{self.rows:,} {self.what}{such}"


def aside(what: str, accounts: Iterable[str | None]) -> tuple[Aside, ...]:
    """One aside with examples from `accounts`, one item a row; none where there is no row."""
    every = list(accounts)
    named = sorted({str(one) for one in every if one is not None})[:NAMED]
    return (Aside(what, len(every), tuple(named)),) if every else ()
