"""Observations: an account at a date, and what became of it later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.values import Days
from keepwell.learning.asides import Aside
from keepwell.learning.outcomes import Flags, Floats

Way = Literal["before_decisions", "on_grid", "at_one_date"]
"""before_decisions: each decision, seen a lead time before it. on_grid: everybody at each date, lost or not within a
horizon after the lead time. at_one_date: accounts without dated facts, each with its one outcome."""

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Observations:
    """n observations in order of `as_of` and account; an account may stand in several, at different dates.

    Whatever is computed for an observation rests on what was known at the end of `as_of`; `decided_on`, `lost` and
    `amount` are what came later and may be looked at by figures only.
    """

    account: pa.StringArray  # [n]
    as_of: Days  # [n]
    decided_on: Days  # [n] the day of the decision that made `lost` or kept; NaT: none within the horizon
    lost: Flags  # [n]
    amount: Floats  # [n] of that decision, NaN: unknown
    has_history: Flags  # [n] a fact of the account had arrived by as_of
    way: Way
    lead_days: int  # at least so many days lie between as_of and the decision
    horizon_days: int | None = None  # on_grid: decisions within so many days after the lead time count
    first_fact: np.datetime64 | None = (
        None  # the first day on which anything was known of anybody; None: no dated facts
    )
    asides: tuple[Aside, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @cached_property
    def codes(self) -> Codes:
        """[n] the account as a number from 0 to `accounts` - 1, in order of id: what resampling and splits go by."""
        ids = pc.unique(self.account).sort() if len(self.account) else self.account
        return np.asarray(pc.index_in(self.account, value_set=ids), dtype=np.int64)

    @cached_property
    def accounts(self) -> int:
        """How many accounts there are."""
        return int(self.codes.max(initial=-1)) + 1

    @cached_property
    def dates(self) -> Days:
        """The distinct `as_of`, ascending."""
        return np.unique(self.as_of)

    def take(self, rows: Codes | Flags) -> Observations:
        """Some of them, by position or mask; asides stay."""
        places = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        return replace(
            self,
            account=self.account.take(pa.array(places)),
            as_of=self.as_of[places],
            decided_on=self.decided_on[places],
            lost=self.lost[places],
            amount=self.amount[places],
            has_history=self.has_history[places],
        )
