"""Accounts with and without advocacy at a day, and what became of them afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.learning.advocacy.strata import Estimate, crossed, rank_correlation, risk_difference, thirds
from keepwell.learning.correlation.rates import Rate, RateDifference, difference, rate
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

LEAST = 10
"""Fewer accounts on either side of a comparison say nothing."""


@dataclass(frozen=True)
class Subjects:
    """n accounts at a day, each once. `points`: of advocacy at the day; `health`: the score then, NaN unknown;
    `before`: the band before any of that advocacy, null unknown; `size`: ARR, NaN unknown; `left`, `expanded`:
    afterwards."""

    points: Floats
    health: Floats
    before: pa.StringArray
    size: Floats
    left: Flags
    expanded: Flags

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True)
class Band:
    """Accounts with about as many points. `health`: their mean score, None where none is known."""

    title: str
    accounts: int
    points: float
    health: float | None
    left: Rate
    expanded: Rate


@dataclass(frozen=True)
class Compared:
    """A figure as it looks, and among accounts that were alike: of the same band before, and about as large."""

    name: str
    with_advocacy: Rate
    without: Rate
    raw: RateDifference | None
    adjusted: Estimate | None


@dataclass(frozen=True)
class Comparison:
    """`health`, `health_adjusted`: rank correlation of points with the score. `refused`: why there are no figures."""

    accounts: int
    advocates: int
    bands: tuple[Band, ...] = ()
    compared: tuple[Compared, ...] = ()
    health: Estimate | None = None
    health_adjusted: Estimate | None = None
    refused: str = ""


def compare(subjects: Subjects) -> Comparison:
    """Everything that is shown of advocacy against health, retention and expansion."""
    has = subjects.points > 0
    count, others = int(has.sum()), int((~has).sum())
    if min(count, others) < LEAST:
        return Comparison(
            len(subjects), count,
            refused=f"{count} accounts with advocacy and {others} without: at least {LEAST} of each are needed",
        )  # fmt: skip
    words = subjects.before.dictionary_encode()
    before = np.where(words.indices.is_valid(), words.indices.fill_null(0).to_numpy(), -1)
    strata = crossed(before + 1, thirds(subjects.size))
    everybody = np.zeros(len(subjects), dtype=np.int64)
    outcomes = (("left", subjects.left), ("expanded", subjects.expanded))
    return Comparison(
        accounts=len(subjects),
        advocates=count,
        bands=tuple(_bands(subjects)),
        compared=tuple(_compared(name, has, happened, strata) for name, happened in outcomes),
        health=rank_correlation(subjects.points, subjects.health, everybody),
        health_adjusted=rank_correlation(subjects.points, subjects.health, strata),
    )


def _compared(name: str, has: Flags, happened: Flags, strata: Codes) -> Compared:
    one, other = _rate(happened[has]), _rate(happened[~has])
    return Compared(name, one, other, difference(one, other), risk_difference(has, happened, strata))


def _bands(subjects: Subjects) -> list[Band]:
    """None, and thirds of those with points; a third that nobody is in is left out."""
    has = subjects.points > 0
    codes = np.full(len(subjects), 0)
    codes[has] = thirds(subjects.points[has]) + 1
    titles = ("No advocacy", "Lowest third", "Middle third", "Highest third")
    return [_band(title, subjects, codes == number) for number, title in enumerate(titles) if (codes == number).any()]


def _band(title: str, subjects: Subjects, among: Flags) -> Band:
    scores = subjects.health[among]
    known = scores[~np.isnan(scores)]
    return Band(
        title=title,
        accounts=int(among.sum()),
        points=float(subjects.points[among].mean()),
        health=float(known.mean()) if len(known) else None,
        left=_rate(subjects.left[among]),
        expanded=_rate(subjects.expanded[among]),
    )


def _rate(happened: Flags) -> Rate:
    return rate(happened, np.arange(len(happened)))


def words(compared: Sequence[Compared]) -> list[str]:
    """What the figures say, and what they do not, in sentences."""
    return [sentence for one in compared for sentence in _said(one)]


def _said(one: Compared) -> list[str]:
    if one.raw is None:
        return []
    verb = {"left": "left", "expanded": "expanded"}.get(one.name, one.name)
    raw = f"Of accounts with advocacy {_share(one.with_advocacy)} {verb}, of the others {_share(one.without)}"
    if one.adjusted is None:
        return [f"{raw}; there are too few accounts that were alike before to compare like with like."]
    how = f"{abs(one.adjusted.value) * 100:.1f} points {'more' if one.adjusted.value > 0 else 'fewer'}"
    sure = "" if one.adjusted.is_clear else ", which may be chance"
    return [f"{raw}. Among accounts of the same band before and about the same size it is {how}{sure}."]


def _share(one: Rate) -> str:
    return "–" if one.value is None else f"{one.value * 100:.1f} %"
