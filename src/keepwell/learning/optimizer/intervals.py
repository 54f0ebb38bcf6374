"""Intervals of weights, by resampling accounts (Efron 1979): which shares other accounts might have given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepwell.learning.figures.bootstrap import LEVEL, Draws
from keepwell.learning.observations import Codes
from keepwell.learning.optimizer.fitting import Fitted
from keepwell.learning.optimizer.weights import Fit, fit
from keepwell.learning.outcomes import Flags, Floats

_AT_ONCE = 20
_STEPS = 3
"""From the fit to all accounts to that of a draw it is not far."""
_MOST_ROWS = 30_000_000
"""Rows times draws beyond which there are fewer draws, down to FEWEST."""
FEWEST = 60


def share_intervals(one: Fitted, lost: Flags, codes: Codes, draws: Draws) -> Floats:
    """[m, 2] lowest and highest share, in per cent of the card, of the middle 95 % of draws of accounts.

    `lost`, `codes`: of the rows that were learned from. Thresholds and the choice of measures are taken as they are, so
    that intervals are of the weights alone. Where limits leave no choice, an interval has no width.
    """
    count = min(draws.count, max(FEWEST, _MOST_ROWS // max(len(lost), 1)))
    fewer = replace(draws, count=count)
    shares = np.concatenate([_drawn(one, lost, codes, fewer, start) for start in range(0, count, _AT_ONCE)])
    edges = (1 - LEVEL) / 2
    found: Floats = 100 * np.quantile(shares, [edges, 1 - edges], axis=0).T
    return found


def _drawn(one: Fitted, lost: Flags, codes: Codes, draws: Draws, start: int) -> Floats:
    counts = draws.block(start, min(start + _AT_ONCE, draws.count))
    bounds, scores = one.conditions.bounds(), one.scores
    found: list[Fit] = []
    for column in range(counts.shape[1]):
        found.append(fit(scores, lost, bounds, counts[codes, column].astype(np.float64), one.fit, _STEPS))
    return np.stack([each.shares for each in found])
