"""Do chances still hold? Each month, what was foretold against what came true, and an alarm beyond chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from keepwell.engine.values import Days
from keepwell.learning.outcomes import Flags, Floats

FEWEST_EXPECTED = 5.0
"""Losses, and stays, that a month must have foretold: below that the normal distribution is no guide."""
LEVEL = 0.05


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


def drift(chance: Floats, lost: Flags, day: Days, level: float = LEVEL) -> Drift:
    """`chance`: [n] foretold before, by a curve that was learned from other, earlier observations; NaN is left out.
    `lost`: [n] what came true; `day`: [n] when it was decided.

    Calibration in the large by month: (lost - foretold) / sqrt(sum p (1 - p)), standard normal where chances hold
    (Cox 1958; Spiegelhalter 1986).
    """
    known = ~np.isnan(chance)
    chance, lost, month = chance[known], lost[known], day[known].astype("datetime64[M]")
    rows = [(one, month == one) for one in np.unique(month)]
    plain = [_p(chance[own], lost[own]) for _, own in rows]
    adjusted = _holm(plain)
    months = tuple(
        _month(str(one), chance[own], lost[own], p, level) for (one, own), p in zip(rows, adjusted, strict=True)
    )
    together = _together(chance, lost, months, level) if not any(one.p is not None for one in months) else None
    return Drift(months, together, _said(months, together))


def _together(chance: Floats, lost: Flags, months: tuple[DriftMonth, ...], level: float) -> DriftMonth | None:
    """Companies that lose few have no month that says anything; a year of them does."""
    if len(months) < 2:
        return None
    return _month(f"{months[0].month} to {months[-1].month}", chance, lost, _p(chance, lost), level)


def _p(chance: Floats, lost: Flags) -> float | None:
    """Two-sided; None where too little was foretold."""
    if min(chance.sum(), (1 - chance).sum()) < FEWEST_EXPECTED:
        return None
    z = float((lost.sum() - chance.sum()) / np.sqrt((chance * (1 - chance)).sum()))
    return erfc(abs(z) / sqrt(2))


def _holm(plain: list[float | None]) -> list[float | None]:
    """Adjusted for as many tests as there are, in order of the smallest first."""
    known = sorted((p, at) for at, p in enumerate(plain) if p is not None)
    found: list[float | None] = [None] * len(plain)
    highest = 0.0
    for rank, (p, at) in enumerate(known):
        highest = max(highest, min(1.0, p * (len(known) - rank)))
        found[at] = highest
    return found


def _month(month: str, chance: Floats, lost: Flags, p: float | None, level: float) -> DriftMonth:
    foretold, count = float(chance.sum()), int(lost.sum())
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
