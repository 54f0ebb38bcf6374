"""Health of a bin: the log odds of staying, drawn towards the whole by how little was seen."""

from __future__ import annotations

import numpy as np

from keepwell.learning.optimizer.binning import Bins
from keepwell.learning.outcomes import Flags, Floats

PRIOR_EVENTS = 3.0
"""Each bin is given so many losses (or stays, of which there are fewer) at the rate of all, so that a bin of few
observations claims little."""


def health(bins: Bins, lost: Flags, count: int) -> Floats:
    """[count] log odds of staying in each bin. `bins`: [n] numbers from 0; those of `count` and more are not asked for.

    With p the rate of all and m = PRIOR_EVENTS / min(p, 1 - p), a bin of n observations and k losses has the rate
    (k + m p) / (n + m): the mean of a beta distribution a priori of weight m.
    """
    rate = float(np.clip(lost.mean(), 1e-6, 1 - 1e-6))
    prior = PRIOR_EVENTS / min(rate, 1 - rate)
    losses = np.bincount(bins, weights=lost, minlength=count)[:count]
    totals = np.bincount(bins, minlength=count)[:count]
    rates = (losses + prior * rate) / (totals + prior)
    return np.log((1 - rates) / rates)


def monotone(values: Floats, totals: Floats, rising: bool) -> Floats:
    """The nearest values that only rise, or only fall: neighbours that do not are pooled (Ayer and others 1955)."""
    sign = 1.0 if rising else -1.0
    pools: list[tuple[float, float, int]] = []
    for value, total in zip(sign * values, totals, strict=True):
        pools.append((float(value), float(max(total, 1e-9)), 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, n, i), (b, m, j) = pools[-2], pools[-1]
            pools[-2:] = [((a * n + b * m) / (n + m), n + m, i + j)]
    return sign * np.concatenate([np.full(size, value) for value, _, size in pools])
