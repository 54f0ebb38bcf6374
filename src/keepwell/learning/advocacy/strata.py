"""Comparing within strata: a difference of shares, and a correlation of ranks, among those who are alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atanh, sqrt, tanh

import numpy as np
from scipy import stats

from keepwell.learning.correlation.rates import Z
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval, and how many accounts it rests on."""

    value: float
    low: float
    high: float
    accounts: int

    @property
    def is_clear(self) -> bool:
        """The interval does not hold 0."""
        return self.low > 0 or self.high < 0


def risk_difference(exposed: Flags, happened: Flags, strata: Codes) -> Estimate | None:
    """The share of those `exposed` for whom it happened less that of the others, compared within strata and put
    together with Mantel-Haenszel weights; its variance is that of Sato (1989). All: [n].

    Strata in which all are exposed, or none, tell nothing and are left out. None where no stratum is left, and where
    the variance cannot be told (it happened for everybody, or nobody).
    """
    weights = differences = first = second = 0.0
    accounts = 0
    for among in _parts(strata):
        inside = exposed[among]
        ones, others = int(inside.sum()), int((~inside).sum())
        if not ones or not others:
            continue
        total = ones + others
        a, b = int(happened[among][inside].sum()), int(happened[among][~inside].sum())
        weights += ones * others / total
        differences += (a * others - b * ones) / total
        first += (ones**2 * b - others**2 * a + ones * others * (others - ones) / 2) / total**2
        second += (a * (others - b) / total + b * (ones - a) / total) / 2
        accounts += total
    if not weights:
        return None
    value = differences / weights
    variance = (value * first + second) / weights**2
    if variance <= 0:
        return None
    half = Z * sqrt(variance)
    return Estimate(value, max(-1.0, value - half), min(1.0, value + half), accounts)


def rank_correlation(one: Floats, other: Floats, strata: Codes) -> Estimate | None:
    """Spearman's correlation within strata, put together on Fisher's scale with weights n - 3; the interval is that of
    Bonett and Wright (2000). One stratum for all gives the plain correlation. NaN is left out; strata of fewer than
    five accounts, and those in which either does not vary, tell nothing. None where none is left."""
    known = ~(np.isnan(one) | np.isnan(other))
    sums = weights = spread = 0.0
    accounts = 0
    for among in _parts(np.where(known, strata, -1)):
        count = len(among)
        first, second = one[among], other[among]
        if count < 5 or np.ptp(first) == 0 or np.ptp(second) == 0:
            continue
        found = float(np.clip(stats.spearmanr(first, second).statistic, -0.999_999, 0.999_999))
        weight = count - 3
        sums += weight * atanh(found)
        spread += weight * (1 + found**2 / 2)
        weights += weight
        accounts += count
    if not weights:
        return None
    middle, half = sums / weights, Z * sqrt(spread) / weights
    return Estimate(tanh(middle), tanh(middle - half), tanh(middle + half), accounts)


def crossed(*parts: Codes) -> Codes:
    """Strata of all combinations, numbered from 0."""
    return np.unique(np.stack(parts), axis=1, return_inverse=True)[1].reshape(-1)


def thirds(values: Floats) -> Codes:
    """0, 1, 2 by size; 3 where it is not known."""
    known = ~np.isnan(values)
    found = np.full(len(values), 3, dtype=np.int64)
    if known.any():
        edges = np.quantile(values[known], [1 / 3, 2 / 3])
        found[known] = np.searchsorted(edges, values[known], side="left")
    return found


def _parts(strata: Codes) -> Iterator[Codes]:
    """The places of each stratum; a negative one is none."""
    order = np.argsort(strata, kind="stable")
    edges = np.flatnonzero(np.diff(strata[order])) + 1
    for part in np.split(order, edges):
        if len(part) and strata[part[0]] >= 0:
            yield part
