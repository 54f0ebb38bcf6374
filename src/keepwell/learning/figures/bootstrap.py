"""Intervals by resampling accounts (Efron 1979; clusters as in Davison and Hinkley 1997, section 3.8).

An account that was observed at many dates is one piece of evidence, so whole accounts are drawn, with all of their
observations. A draw is a count for each account; figures are weighed by the counts instead of being computed from
copied rows. Draws are numbered, and the same number gives the same accounts, so that two cards are compared draw by
draw.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keepwell.learning.outcomes import Floats

Counts = npt.NDArray[np.int32]
"""[accounts, k] how often each account was drawn in each of k draws."""
Statistic = Callable[[Counts], Floats]
"""From k draws to figures, [figures, k]; NaN for one that has no value in a draw."""

LEVEL = 0.95
DRAWS = 500
_AT_ONCE = 16
"""Draws of one block: as many counts of an account as fit into a line of the processor's cache."""
LEAST_DEFINED = 0.95
"""Share of draws in which a figure must have a value, for an interval to mean anything."""


@dataclass(frozen=True)
class Draws:
    """`count` draws of `accounts` accounts with replacement, made anew from `seed` whenever asked for."""

    accounts: int
    count: int = DRAWS
    seed: int = 0

    def block(self, first: int, last: int) -> Counts:
        """[accounts, last - first] the draws from number `first` up to `last`."""
        found = np.empty((self.accounts, last - first), np.int32)
        for at, number in enumerate(range(first, last)):
            drawn = np.random.default_rng((self.seed, number)).integers(0, self.accounts, self.accounts)
            found[:, at] = np.bincount(drawn, minlength=self.accounts)
        return found

    def of(self, statistic: Statistic) -> Floats:
        """[figures, count] the figures of every draw, on as many threads as there are processors."""
        starts = range(0, self.count, _AT_ONCE)
        with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
            blocks = pool.map(lambda start: statistic(self.block(start, min(start + _AT_ONCE, self.count))), starts)
            return np.concatenate(list(blocks), axis=1)


def interval(values: Floats, level: float = LEVEL) -> tuple[float, float] | None:
    """The middle `level` of the draws' values ([count]); None where too many draws have none."""
    defined = values[np.isfinite(values)]
    if not len(values) or len(defined) < LEAST_DEFINED * len(values):
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def exact_edge(count: int, level: float = LEVEL) -> float:
    """How high a share may be of which `count` independent accounts showed none (Clopper and Pearson 1934)."""
    return float(1 - ((1 - level) / 2) ** (1 / count))
