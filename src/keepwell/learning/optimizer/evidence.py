"""Whether a measure by itself tells accounts that left from those that stayed, beyond what chance would do."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, sqrt

import numpy as np

from keepwell.learning.figures.ranking import auc
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

FALSE_SHARE = 0.1
"""Among the measures that are taken to tell something, at most this share is expected to tell nothing."""


def chance(scores: Floats, lost: Flags, codes: Codes) -> float:
    """Two-sided p of an AUC this far from 0.5 were scores and outcomes unrelated.

    Variance of Hanley and McNeil (1982) at 0.5, (n1 + n0 + 1) / (12 n1 n0) for n1 and n0 accounts ever lost and
    never lost: an account seen many times counts once, which errs towards "chance".
    """
    lost_accounts = len(np.unique(codes[lost]))
    others = len(np.unique(codes)) - lost_accounts
    area = auc(scores, lost)
    if not lost_accounts or others <= 0 or np.isnan(area):
        return 1.0
    deviation = sqrt((lost_accounts + others + 1) / (12 * lost_accounts * others))
    return erfc(abs(area - 0.5) / deviation / sqrt(2))


def discoveries(chances: Sequence[float], share: float = FALSE_SHARE) -> list[bool]:
    """Which of many tests to believe (Benjamini and Hochberg 1995)."""
    order = np.argsort(chances, kind="stable")
    limits = share * (np.arange(len(chances)) + 1) / max(len(chances), 1)
    passed = np.flatnonzero(np.asarray(chances)[order] <= limits)
    found = [False] * len(chances)
    for place in order[: int(passed[-1]) + 1 if len(passed) else 0]:
        found[int(place)] = True
    return found
