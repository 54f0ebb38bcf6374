"""From the score that somebody gave beside a text to its sentiment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keepwell.errors import RequestRefused
from keepwell.text.classifier import UNKNOWN, Codes


@dataclass(frozen=True)
class Scale:
    """Scores from `lowest` to `highest`: negative up to `negative_to`, positive from `positive_from`, else neutral."""

    name: str
    lowest: float
    highest: float
    negative_to: float
    positive_from: float

    def labels(self, scores: Sequence[float | None]) -> Codes:
        """[n] `UNKNOWN` where there is no score. Raises RequestRefused for scores outside the scale."""
        given = np.array([np.nan if one is None else float(one) for one in scores], np.float64)
        outside = np.flatnonzero((given < self.lowest) | (given > self.highest))
        if len(outside):
            raise RequestRefused(
                f"{len(outside)} scores lie outside {self.name} ({self.lowest:g} to {self.highest:g}), first "
                f"{given[outside[0]]:g} at place {outside[0] + 1}; name another scale, or leave them out"
            )
        labels = np.where(given <= self.negative_to, 0, np.where(given >= self.positive_from, 2, 1))
        return np.where(np.isnan(given), UNKNOWN, labels)


SCALES: dict[str, Scale] = {
    one.name: one
    for one in (
        Scale("nps", 0, 10, 6, 9),
        Scale("csat", 1, 5, 2, 4),
        Scale("stars", 1, 5, 2, 4),
        Scale("ces", 1, 7, 3, 5),
    )
}


def scale_of(name: str) -> Scale:
    """Raises RequestRefused for a scale that there is not."""
    if name not in SCALES:
        raise RequestRefused(f"there is no scale '{name}'; there are: {', '.join(SCALES)}, or a Scale of your own")
    return SCALES[name]
