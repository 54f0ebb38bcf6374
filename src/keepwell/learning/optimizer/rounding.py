"""Numbers as a person would write them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10

import numpy as np

SCORE_STEP = 5
"""Proposed scores are multiples of this."""
_DIGITS = range(2, 8)


def round_score(score: float) -> int:
    """To the nearest multiple of SCORE_STEP within 0 to 100."""
    return int(min(max(SCORE_STEP * floor(score / SCORE_STEP + 0.5), 0), 100))


def round_values(values: Sequence[float]) -> list[float]:
    """Increasing values with as few digits as keep them apart.

    Each moves by less than a quarter of the way to its nearest neighbour.
    """
    for digits in _DIGITS:
        rounded = [_significant(value, digits) for value in values]
        if _keeps_apart(values, rounded):
            return rounded
    return [float(value) for value in values]


def percent(shares: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to `shares` that sum to 100, by largest remainder; all 0 where there is no share."""
    total = sum(shares)
    if total <= 0:
        return [0] * len(shares)
    exact = [100 * share / total for share in shares]
    found = [floor(value + 1e-9) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (found[i] - exact[i], i))
    for i in by_remainder[: 100 - sum(found)]:
        found[i] += 1
    return found


def plain(value: float) -> float | int:
    """A whole number without its point."""
    return int(value) if isfinite(value) and value == int(value) and abs(value) < 1e15 else value


def _significant(value: float, digits: int) -> float:
    if value == 0:
        return 0.0
    decimals = digits - 1 - floor(log10(abs(value)))
    return float(round(value, decimals))


def _keeps_apart(values: Sequence[float], rounded: Sequence[float]) -> bool:
    if len(values) == 1:
        return True
    gaps = np.diff(values)
    nearest = np.minimum(np.append(gaps, np.inf), np.append(np.inf, gaps))
    moved = np.abs(np.subtract(rounded, values))
    return bool((moved < nearest / 4).all() and (np.diff(rounded) > 0).all())
