"""What was left out of a study, and why, so that nothing disappears in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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
        return f"{self.rows:,} {self.what if self.rows != 1 else _of_one(self.what)}{such}"


def _of_one(what: str) -> str:
    """The sentence for a single row: its first noun, and the verbs that go with it."""
    noun, rest = what.split("s ", 1)
    rest = re.sub(r"^(of '[^']*' )(name|repeat|say)\b", r"\1\2s", rest)
    for many, one in (
        ("were left out", "was left out"),
        ("and count once", "and counts once"),
        ("count as", "counts as"),
    ):
        rest = rest.replace(many, one, 1)
    return f"{noun} {rest}"


def aside(what: str, accounts: Iterable[str | None]) -> tuple[Aside, ...]:
    """One aside with examples from `accounts`, one item a row; none where there is no row."""
    every = list(accounts)
    named = sorted({str(one) for one in every if one is not None})[:NAMED]
    return (Aside(what, len(every), tuple(named)),) if every else ()


def told(asides: Iterable[Mapping[str, Any] | str]) -> list[str]:
    """Asides that were kept as plain values, in sentences; results of before kept the sentences."""
    return [one if isinstance(one, str) else str(_read(one)) for one in asides]


def _read(one: Mapping[str, Any]) -> Aside:
    return Aside(one["what"], one["rows"], tuple(one["accounts"]))
