"""Small pictures drawn on the server: numbers as positions, for SVG that needs no style and no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Sparkline:
    """Lines through neighbouring scores within 100 x 32; a missing score breaks the line, one alone is a dot."""

    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    first: float | None
    last: float | None
    lowest: float | None
    highest: float | None

    @property
    def words(self) -> str:
        """The picture for those who do not see it."""
        if self.first is None:
            return "No earlier scores"
        return f"From {self.first:.0f} to {self.last:.0f}, between {self.lowest:.0f} and {self.highest:.0f}"


def sparkline(scores: Sequence[float | None]) -> Sparkline:
    """Scores 0..100 from left to right, 100 on top."""
    step = 100 / max(len(scores) - 1, 1)
    points = [
        None if score is None else (round(i * step, 2), round(30 - score * 0.28, 2)) for i, score in enumerate(scores)
    ]
    runs = [list(run) for there, run in groupby(points, lambda point: point is not None) if there]
    known = [score for score in scores if score is not None]
    return Sparkline(
        tuple(" ".join(f"{x},{y}" for x, y in run if True) for run in runs if len(run) > 1),  # type: ignore[misc]
        tuple(run[0] for run in runs if len(run) == 1),  # type: ignore[misc]
        known[0] if known else None,
        known[-1] if known else None,
        min(known, default=None),
        max(known, default=None),
    )


@dataclass(frozen=True)
class Bin:
    """One bar of a distribution within 100 x 24, and whether the account is in it: `count` of `low` up to `high`."""

    x: float
    width: float
    y: float
    height: float
    mine: bool
    low: float
    high: float
    count: int


def distribution(values: npt.NDArray[np.float64], own: float | None, bins: int = 20) -> tuple[Bin, ...]:
    """How many have which value, from the lowest to the highest. `values` hold no NaN."""
    if not len(values):
        return ()
    counts, edges = np.histogram(values, bins=bins)
    place = -1 if own is None else int(np.clip(np.searchsorted(edges, own, side="right") - 1, 0, bins - 1))
    wide, most = 100 / bins, counts.max()
    return tuple(
        Bin(
            round(i * wide + 0.4, 2),
            round(wide - 0.8, 2),
            round(24 - tall, 2),
            round(tall, 2),
            i == place,
            float(edges[i]),
            float(edges[i + 1]),
            int(counts[i]),
        )
        for i, tall in enumerate(np.where(counts > 0, np.maximum(counts / most * 23, 1.5), 0.0).tolist())
    )
