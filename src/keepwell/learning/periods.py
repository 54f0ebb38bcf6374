"""Observations by month, quarter or year of their date."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from keepwell.learning.figures.judging import FEWEST
from keepwell.learning.observations import Codes, Observations
from keepwell.learning.outcomes import Flags

_UNITS: tuple[tuple[int, Callable[[int], str]], ...] = (
    (1, lambda month: str(np.datetime64(month, "M"))),
    (3, lambda quarter: f"{1970 + quarter // 4} Q{quarter % 4 + 1}"),
    (12, lambda year: str(1970 + year)),
)
"""Months of each unit, and what one is called, counted from 1970 on."""


def periods(observations: Observations) -> list[tuple[str, Flags]]:
    """Each period with its observations, in order: the finest unit in which most have losses enough for figures.

    Where none has, years, or what else is the coarsest of two periods or more; nothing where all lie in one month.
    """
    months = observations.as_of.astype("datetime64[M]").astype(np.int64)
    best: list[tuple[str, Flags]] = []
    for size, name in _UNITS:
        index = months // size
        units = np.unique(index)
        if len(units) < 2:
            break
        best = [(name(int(unit)), index == unit) for unit in units]
        if np.median(_losses(observations, index, units)) >= FEWEST:
            break
    return best


def _losses(observations: Observations, index: Codes, units: Codes) -> list[int]:
    return [int((observations.lost & (index == unit)).sum()) for unit in units]
