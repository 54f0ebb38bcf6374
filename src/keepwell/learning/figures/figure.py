"""One figure: a value with its interval and the numbers behind it, or the reason why it cannot be known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags


@dataclass(frozen=True)
class Numbers:
    """What a figure rests on. Accounts count once however often they were observed."""

    observations: int
    lost: int  # observations that ended in a loss
    accounts: int
    accounts_lost: int

    @property
    def kept(self) -> int:
        return self.observations - self.lost


@dataclass(frozen=True)
class Figure:
    """`value` with the 95 % interval `low`..`high`; each is None where it cannot be known, and `reason` says why.

    A value without an interval is a plain count of what was seen; it is given only where that means something.
    """

    value: float | None
    low: float | None
    high: float | None
    numbers: Numbers
    reason: str | None = None

    @property
    def is_known(self) -> bool:
        return self.value is not None

    def to_json(self) -> Mapping[str, Any]:
        return asdict(self)


def unknown(numbers: Numbers, reason: str) -> Figure:
    """A figure that cannot be known."""
    return Figure(None, None, None, numbers, reason)


def numbers(codes: Codes, lost: Flags) -> Numbers:
    """`codes`: [n] the account of each observation; `lost`: [n]."""
    return Numbers(
        observations=len(codes),
        lost=int(lost.sum()),
        accounts=int(np.count_nonzero(np.bincount(codes))),
        accounts_lost=int(np.count_nonzero(np.bincount(codes[lost]))),
    )
