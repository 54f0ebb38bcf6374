"""Outcomes: what accounts decided and when, one decision an account and day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.engine.values import Days
from keepwell.learning.asides import Aside

Kind = Literal["renewed", "churned", "contracted", "expanded"]
KINDS: tuple[Kind, ...] = ("renewed", "churned", "contracted", "expanded")
LOST: Kind = "churned"

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outcomes:
    """Decisions, in order of day and account; n of them, at most one an account and day.

    A decision is read with all that is known today: it is what a score should have foretold, never what a score sees.
    """

    account: pa.StringArray  # [n]
    decided_on: Days  # [n] in the project's time zone
    known_at: npt.NDArray[np.datetime64]  # [n] datetime64[us], UTC: when the source came to know it
    kind: npt.NDArray[np.int8]  # [n] index into KINDS
    amount: Floats  # [n] what was decided on, summed over the rows of a day; NaN where no amount is known
    asides: tuple[Aside, ...] = ()  # rows that were left out or merged, and why

    def __len__(self) -> int:
        return len(self.account)

    @property
    def lost(self) -> Flags:
        """[n] the account churned."""
        return self.kind == KINDS.index(LOST)

    @property
    def has_kept(self) -> bool:
        """Whether decisions to stay are recorded too; otherwise who stayed is only known from silence."""
        return bool((~self.lost).any())
