"""Loss rates with intervals that count accounts, however often each was observed."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags

Z = 1.959963984540054
"""95 %, two-sided."""


@dataclass(frozen=True)
class Rate:
    """The share of observations that were lost, with its 95 % interval; None where there is nobody."""

    observations: int
    accounts: int
    lost: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class RateDifference:
    """The rate of one group less that of another, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """The interval does not hold 0."""
        return self.low > 0 or self.high < 0


def rate(lost: Flags, codes: Codes) -> Rate:
    """Of the observations given: `lost`: [n], `codes`: [n] their accounts. Wilson (1927), with n the accounts."""
    accounts = len(np.unique(codes))
    if not accounts:
        return Rate(0, 0, 0, None, None, None)
    value = float(lost.mean())
    low, high = wilson(value, accounts)
    return Rate(len(lost), accounts, int(lost.sum()), value, low, high)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Score interval of a share seen in `count` independent trials."""
    shrink = 1 + Z * Z / count
    middle = (share + Z * Z / (2 * count)) / shrink
    half = Z * sqrt(share * (1 - share) / count + Z * Z / (4 * count * count)) / shrink
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(one: Rate, other: Rate) -> RateDifference | None:
    """one - other (Newcombe 1998, method 10); None where either has nobody."""
    if one.value is None or other.value is None:
        return None
    value = one.value - other.value
    (low, high), (other_low, other_high) = wilson(one.value, one.accounts), wilson(other.value, other.accounts)
    below = sqrt((one.value - low) ** 2 + (other_high - other.value) ** 2)
    above = sqrt((high - one.value) ** 2 + (other.value - other_low) ** 2)
    return RateDifference(value, value - below, value + above)
