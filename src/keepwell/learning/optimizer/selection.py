"""Which lines stay: those with evidence of their own, no two that say the same, and no more than were asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keepwell.learning.figures.ranking import auc
from keepwell.learning.observations import Codes
from keepwell.learning.optimizer.evidence import chance, discoveries
from keepwell.learning.optimizer.shaping import Shaped
from keepwell.learning.outcomes import Flags, Floats

TWINS = 0.98
"""Two measures whose scores correlate this closely say the same."""
MOST_MEASURES = 12
"""More than this nobody reads."""
LOST_PER_MEASURE = 10
"""So many accounts must have left for each weight that is learned (Peduzzi and others 1996)."""


class Choosing:
    """Lines that are left, and why others are not."""

    def __init__(self, lines: Sequence[Shaped], lost: Flags, codes: Codes, needed: frozenset[str]) -> None:
        self.lines = list(lines)
        self.dropped: dict[str, str] = {}
        self._lost = lost
        self._codes = codes
        self._needed = needed

    def without_chance(self) -> None:
        """Leaves out what chance explains. What must stay stays, and so does a measure that only people score."""
        chances = [chance(one.scores, self._lost, self._codes) for one in self.lines]
        for one, is_found in zip(list(self.lines), discoveries(chances), strict=True):
            if not is_found:
                self.drop(one, "by itself it tells accounts that left from those that stayed no better than chance")

    def without_twins(self) -> None:
        """Of two that say the same the one stays that must, that the card has already, or that tells more."""
        ranked = sorted(self.lines, key=self._preference)
        alike = _alike(ranked)
        kept: list[int] = []
        for place, one in enumerate(ranked):
            twin = next((ranked[other] for other in kept if alike[place, other] >= TWINS), None)
            if twin is None or one.line.name in self._needed:
                kept.append(place)
            else:
                self.drop(
                    one,
                    f"it says the same as {twin.line.name}; which of the two matters cannot be known from these data",
                )

    def drop(self, one: Shaped, reason: str) -> None:
        if one.line.name not in self._needed:
            self.lines.remove(one)
            self.dropped[one.line.name] = reason

    def _preference(self, one: Shaped) -> tuple[bool, bool, float]:
        return (one.line.name not in self._needed, one.line.is_addition, -auc(one.scores, self._lost))


def most_measures(asked: int | None, lost_accounts: int) -> int:
    return asked if asked is not None else max(1, min(MOST_MEASURES, lost_accounts // LOST_PER_MEASURE))


def _alike(lines: Sequence[Shaped]) -> Floats:
    """[m, m] |correlation| between the scores of lines; 0 with one that is constant."""
    if not lines:
        return np.empty((0, 0))
    centred = np.stack([one.scores - one.scores.mean() for one in lines])
    norms = np.sqrt((centred * centred).sum(axis=1))
    centred /= np.where(norms > 0, norms, 1.0)[:, None]
    return np.abs(centred @ centred.T)
