"""Whether two contenders found the same: nulls in the same places, labels alike, numbers as close as agreed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from cards.contenders import ARRAYS

TOLERANCE = 1e-9


def largest_difference(left: Path, right: Path) -> float:
    """Over all results; of accounts, the first ones that both have. Raises SystemExit where they do not agree."""
    return max(_difference(name, left, right) for name in ARRAYS)


def _difference(name: str, left: Path, right: Path) -> float:
    one, other = (np.load(folder / f"{name}.npy", mmap_mode="r") for folder in (left, right))
    n = min(one.shape[-1], other.shape[-1])
    pairs = zip(np.atleast_2d(one), np.atleast_2d(other), strict=True)
    return max(_apart(f"{name} {number}", a[:n], b[:n]) for number, (a, b) in enumerate(pairs))


def _apart(what: str, one: np.ndarray, other: np.ndarray) -> float:
    one, other = one.astype(np.float64), other.astype(np.float64)
    if not np.array_equal(np.isnan(one), np.isnan(other)):
        raise SystemExit(f"{what}: nulls in different places")
    apart = float(np.nanmax(np.abs(one - other), initial=0.0))
    if apart > TOLERANCE:
        raise SystemExit(f"{what}: {apart:g} apart, more than {TOLERANCE:g}")
    return apart
