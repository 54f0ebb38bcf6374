"""Do chances still hold? Each month, what was foretold against what came true, and an alarm beyond chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import erfc, sqrt

import numpy as np

from keepwell.engine.values import Days
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

FEWEST_EXPECTED = 5.0
"""Losses, and stays, that a month must have foretold: below that the normal distribution is no guide."""
LEVEL = 0.05


@dataclass(frozen=True)
class Behind:
    """What observations ([n]) rest on. `account`: whose it is, as a number; `curve`: where its chance was learned, as
    a position in `losses`: accounts lost that each curve was learned from (infinite: its chances are exact)."""

    account: Codes
    curve: Codes
    losses: Floats

    def take(self, rows: Flags) -> Behind:
        return replace(self, account=self.account[rows], curve=self.curve[rows])


@dataclass(frozen=True)
class DriftMonth:
    """`p`: how likely a difference as large is by chance, made larger for looking at many months (Holm 1979). None
    where too little was foretold, and `reason` says so."""

    month: str  # 2026-07
    observations: int
    foretold: float  # losses: the chances added up
    lost: int
    p: float | None
    is_alarm: bool
    said: str
    reason: str | None = None


@dataclass(frozen=True)
class Drift:
    """All months in order, and the whole in a sentence. `together`: all months as one, where none can be judged alone;
    None where one can."""

    months: tuple[DriftMonth, ...]
    together: DriftMonth | None
    said: str

    @property
    def last(self) -> DriftMonth | None:
        """The latest that can be judged."""
        judged = [one for one in (*self.months, self.together) if one is not None and one.p is not None]
        return judged[-1] if judged else None

    @property
    def is_alarm(self) -> bool:
        """The latest that can be judged lies beyond chance."""
        return self.last is not None and self.last.is_alarm


@dataclass(frozen=True)
class _Rows:
    chance: Floats
    lost: Flags
    behind: Behind

    def take(self, rows: Flags) -> _Rows:
        return _Rows(self.chance[rows], self.lost[rows], self.behind.take(rows))


def drift(chance: Floats, lost: Flags, day: Days, level: float = LEVEL, behind: Behind | None = None) -> Drift:
    """`chance`: [n] foretold before, by a curve that was learned from other, earlier observations; NaN is left out.
    `lost`: [n] what came true; `day`: [n] when it was decided; `behind` None: each of an account of
    its own, chances exact.

    Calibration in the large by month: (lost - foretold) / its standard error, standard normal where chances hold (Cox
    1958; Spiegelhalter 1986). The error is that of losses, of rows of one account that go together, and of the curves.
    """
    known = ~np.isnan(chance)
    each = np.arange(len(chance))
    rows = _Rows(chance, lost, behind or Behind(each, np.zeros_like(each), np.array([np.inf]))).take(known)
    month = day[known].astype("datetime64[M]")
    parts = [(str(one), rows.take(month == one)) for one in np.unique(month)]
    adjusted = _holm([_p(own) for _, own in parts])
    months = tuple(_month(name, own, p, level) for (name, own), p in zip(parts, adjusted, strict=True))
    together = _together(rows, months, level) if not any(one.p is not None for one in months) else None
    return Drift(months, together, _said(months, together))


def _together(rows: _Rows, months: tuple[DriftMonth, ...], level: float) -> DriftMonth | None:
    """Companies that lose few have no month that says anything; a year of them does."""
    if len(months) < 2:
        return None
    return _month(f"{months[0].month} to {months[-1].month}", rows, _p(rows), level)


def _p(rows: _Rows) -> float | None:
    """Two-sided; None where too little was foretold."""
    chance = rows.chance
    if min(chance.sum(), (1 - chance).sum()) < FEWEST_EXPECTED:
        return None
    z = float((rows.lost.sum() - chance.sum()) / sqrt(_of_losses(rows) + _of_curves(rows)))
    return erfc(abs(z) / sqrt(2))


def _of_losses(rows: _Rows) -> float:
    """Variance of losses were chances exact. Rows of one account are no independent ones: what overlaps sees the same
    loss again, so products of their residuals are added (a cluster's squared sum; Liang and Zeger 1986)."""
    spread, off = rows.chance * (1 - rows.chance), rows.lost - rows.chance
    account = np.unique(rows.behind.account, return_inverse=True)[1]
    products = (np.bincount(account, off) ** 2).sum() - (off**2).sum()
    return float(spread.sum() + max(products, 0.0))


def _of_curves(rows: _Rows) -> float:
    """Variance of what was foretold: a curve learned from so many losses lies off as they do, for all at once."""
    behind, spread = rows.behind, rows.chance * (1 - rows.chance)
    foretold = np.bincount(behind.curve, rows.chance, len(behind.losses))
    return float((foretold * np.bincount(behind.curve, spread, len(behind.losses)) / behind.losses).sum())


def _holm(plain: list[float | None]) -> list[float | None]:
    """Adjusted for as many tests as there are, in order of the smallest first."""
    known = sorted((p, at) for at, p in enumerate(plain) if p is not None)
    found: list[float | None] = [None] * len(plain)
    highest = 0.0
    for rank, (p, at) in enumerate(known):
        highest = max(highest, min(1.0, p * (len(known) - rank)))
        found[at] = highest
    return found


def _month(month: str, rows: _Rows, p: float | None, level: float) -> DriftMonth:
    chance, count = rows.chance, int(rows.lost.sum())
    foretold = float(chance.sum())
    seen = f"{count:,} left where {foretold:.1f} were foretold"
    if p is None:
        why = f"fewer than {FEWEST_EXPECTED:g} losses or stays were foretold, which is too few to judge"
        return DriftMonth(month, len(chance), foretold, count, None, False, f"In {month} {seen}; {why}.", why)
    alarm = p < level
    many = "more" if count > foretold else "fewer"
    judged = f"{many} than chance explains" if alarm else "which chance explains"
    return DriftMonth(month, len(chance), foretold, count, p, alarm, f"In {month} {seen}: {judged}.")


def _said(months: tuple[DriftMonth, ...], together: DriftMonth | None) -> str:
    judged = [one for one in months if one.p is not None]
    if not judged and (together is None or together.p is None):
        return "No month has foretold enough losses to say whether the chances still hold."
    if not judged and together is not None:
        verdict = "The chances do not hold any more" if together.is_alarm else "The chances have held"
        learn = " Learn them anew from the latest outcomes." if together.is_alarm else ""
        return f"{verdict}, all months taken together: {together.said}{learn}"
    alarms = [one.month for one in judged if one.is_alarm]
    if not alarms:
        return f"The chances have held in all {len(judged)} months that can be judged."
    if judged[-1].is_alarm:
        return f"The chances do not hold any more: {judged[-1].said} Learn them anew from the latest outcomes."
    return f"The chances held in {judged[-1].month}; they did not in {', '.join(alarms)}."
