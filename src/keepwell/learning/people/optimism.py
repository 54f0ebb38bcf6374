"""Scores entered by hand against outcomes: by how many points do people see accounts better than they are?

An entered 80 should mean what a score of 80 means. If accounts with entered scores leave more often than others with
the same score, the entries are too high; the points by which they would have to be lowered, for as many losses to have
been foretold as there were, are the optimism of a measure. A person is compared with all who entered the same measure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.learning.effects.panel import codes_of, days_of
from keepwell.learning.figures.probabilities import calibrated
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats, Outcomes
from keepwell.learning.plain import plain

SCHEMA = pa.schema(
    [
        ("account", pa.string()),
        ("measure", pa.string()),
        ("author", pa.string()),
        ("entered_on", pa.date32()),
        ("score", pa.float64()),
    ]
)
"""Entries as `optimism` reads them."""
FEWEST_LOST, FEWEST = 5, 20
"""Losses and decisions that must lie behind a figure."""
_MOST = 100.0
_Z = 1.959963984540054
_HALVINGS = 50

Chance = Callable[[Floats], Floats]
"""From scores to chances of loss, falling."""


@dataclass(frozen=True)
class Optimism:
    """One measure, or one person's entries of it. `points`: above 0 too high, with a 95 % interval; an end that no
    shift of the scores reaches is -100 or 100. `foretold`: losses that the same scores mean elsewhere."""

    measure: str
    author: str | None
    decisions: int
    lost: int
    foretold: float
    points: float
    low: float
    high: float
    words: str

    @property
    def is_told_from_nothing(self) -> bool:
        return not self.low <= 0 <= self.high


@dataclass(frozen=True)
class OptimismReport:
    """Measures, then people, the most optimistic first. `left_out`: people with too few to judge, by measure."""

    measures: tuple[Optimism, ...]
    people: tuple[Optimism, ...]
    left_out: dict[str, int]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = plain(self)
        return found


def optimism(
    entries: pa.Table, outcomes: Outcomes, chance: Chance, lead_days: int, valid_days: int = 180
) -> OptimismReport:
    """`entries` as in SCHEMA. `chance`: what a score of this size means, learned from the scores of all accounts.

    Each decision is looked at `lead_days` before it: the latest entry of each measure then, and of each person, counts
    if it is no older than `valid_days`. Measures and people with too few decisions or losses are left out and counted.
    """
    rows = entries.select(SCHEMA.names).cast(SCHEMA)
    rows = rows.filter(pc.is_valid(rows["score"]))
    measures, people, left_out, notes = [], [], {}, []
    for measure in sorted(pc.unique(rows["measure"].drop_null()).to_pylist()):
        own = _Entries(rows.filter(pc.equal(rows["measure"], measure)), outcomes, lead_days, valid_days)
        score, lost = own.of(None)
        if not _enough(lost):
            notes.append(f"'{measure}' is left out: {len(lost):,} decisions and {int(lost.sum()):,} losses are too few")
            continue
        measures.append(_shift(measure, None, score, lost, chance))
        curve = calibrated(score, lost)
        if curve.slope >= 0:
            notes.append(f"people are not compared by '{measure}': what is entered for it does not tell who leaves")
            continue
        found, too_few = _people(measure, own, curve.chance)
        people += found
        if too_few:
            left_out[measure] = too_few
    return OptimismReport(_sorted(measures), _sorted(people), left_out, tuple(notes))


def _people(measure: str, own: _Entries, chance: Chance) -> tuple[list[Optimism], int]:
    """`chance`: what an entry of this size means, whoever made it."""
    parts = {author: own.of(author) for author in own.authors}
    found = [
        _shift(measure, author, entered, left, chance) for author, (entered, left) in parts.items() if _enough(left)
    ]
    return found, len(parts) - len(found)


class _Entries:
    """Entries of one measure, beside the decisions that followed them."""

    def __init__(self, rows: pa.Table, outcomes: Outcomes, lead_days: int, valid_days: int) -> None:
        ids = pc.unique(outcomes.account).sort()
        self._code, self._day = codes_of(rows["account"], ids), days_of(rows["entered_on"])
        self._score = rows["score"].to_numpy()
        names = pc.fill_null(rows["author"], "").combine_chunks().dictionary_encode()
        self._author, self._names = np.asarray(names.indices), names.dictionary.to_pylist()
        self._decided = codes_of(outcomes.account, ids), outcomes.decided_on.astype(np.int64) - lead_days
        self._lost, self._valid_days = outcomes.lost, valid_days

    @property
    def authors(self) -> list[str]:
        return sorted(name for name in self._names if name)

    def of(self, author: str | None) -> tuple[Floats, Flags]:
        """Scores that stood before decisions, and whether those were losses; None: whoever wrote them."""
        mine = np.flatnonzero(self._code >= 0)
        if author is not None:
            mine = mine[self._author[mine] == self._names.index(author)]
        order = mine[np.lexsort((self._day[mine], self._code[mine]))]
        return self._before(order)

    def _before(self, order: Codes) -> tuple[Floats, Flags]:
        if not len(order):
            return np.array([]), np.array([], np.bool_)
        code, day = self._decided
        span = np.int64(1 << 20)
        at = np.searchsorted(self._code[order] * span + self._day[order], code * span + day, side="right") - 1
        entry = order[np.maximum(at, 0)]
        fits = (at >= 0) & (self._code[entry] == code) & (day - self._day[entry] <= self._valid_days)
        return self._score[entry[fits]], self._lost[fits]


def _shift(measure: str, author: str | None, score: Floats, lost: Flags, chance: Chance) -> Optimism:
    """Points by which scores lie too high. The interval is that of the number of losses, were the shifted chances
    true, seen through the curve."""
    count = int(lost.sum())
    points = _solved(chance, score, count)
    shifted = chance(score - points)
    error = _Z * float(np.sqrt((shifted * (1 - shifted)).sum()))
    low, high = (_solved(chance, score, losses) for losses in (count - error, count + error))
    foretold = chance(score)
    words = _words(author, len(lost), count, float(foretold.sum()), points, low, high)
    return Optimism(measure, author, len(lost), count, float(foretold.sum()), points, low, high, words)


def _solved(chance: Chance, score: Floats, losses: float) -> float:
    """The shift at which scores foretell so many losses, by halving; chances fall as scores rise."""
    low, high = -_MOST, _MOST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(score - middle).sum() < losses else (low, middle)
    return (low + high) / 2


def _words(author: str | None, n: int, lost: int, foretold: float, points: float, low: float, high: float) -> str:
    others = "others' entries of this size" if author else "scores of this size"
    seen = f"{lost:,} of {n:,} left, where {others} foretell {foretold:.1f}"
    if low <= 0 <= high:
        return f"{seen}: chance may have done it"
    return f"{seen}: {abs(points):.0f} points too {'high' if points > 0 else 'low'}"


def _enough(lost: Flags) -> bool:
    return len(lost) >= FEWEST and FEWEST_LOST <= int(lost.sum()) < len(lost)


def _sorted(found: list[Optimism]) -> tuple[Optimism, ...]:
    return tuple(sorted(found, key=lambda one: (-one.points, one.measure, one.author or "")))
