"""One date of a grid: everybody of the population, lost within the window after it or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Outcomes
from keepwell.learning.reading import Lifetimes

LEFT_OUT = (
    ("observations were left out: the account had churned before or within the lead time", "gone"),
    ("observations were left out: the account ended within the horizon without an outcome", "silent"),
)


@dataclass(frozen=True)
class Seen:
    """The population at one date: who is observed, with the position of the loss in the outcomes (-1: kept)."""

    as_of: date
    account: pa.StringArray
    decision: Codes
    gone: pa.StringArray
    silent: pa.StringArray


@dataclass(frozen=True)
class Window:
    """One date of a grid: losses count from the end of the lead time to the end of the horizon."""

    outcomes: Outcomes
    lifetimes: Lifetimes
    as_of: date
    lead_days: int
    horizon_days: int
    returning: bool

    def of(self, ids: pa.StringArray) -> Seen:
        opens = np.datetime64(self.as_of + timedelta(days=self.lead_days), "D")
        closes = opens + np.timedelta64(self.horizon_days, "D")
        decided, lost = self.outcomes.decided_on, self.outcomes.lost
        within = np.flatnonzero(lost & (decided > opens) & (decided <= closes))
        decision = self._of_each(ids, within[::-1])  # in order of day, so that the first loss is set last
        gone = np.zeros(len(ids), np.bool_) if self.returning else self._had_churned(ids, decided <= opens)
        if self.returning:
            since = lost & (decided > np.datetime64(self.as_of, "D")) & (decided <= opens)
            gone = self._of_each(ids, np.flatnonzero(since)) >= 0
        silent = ~gone & (decision < 0) & self._ended(ids, closes)
        kept = ~gone & ~silent
        return Seen(
            self.as_of,
            ids.filter(pa.array(kept)),
            decision[kept],
            ids.filter(pa.array(gone)),
            ids.filter(pa.array(silent)),
        )

    def _had_churned(self, ids: pa.StringArray, before: Flags) -> Flags:
        latest = self._of_each(ids, np.flatnonzero(before))
        found: Flags = np.append(self.outcomes.lost, False)[latest]  # -1, none, finds the last
        return found

    def _of_each(self, ids: pa.StringArray, rows: Codes) -> Codes:
        """For each id the last of `rows` (positions in the outcomes) that is its own; -1 without one."""
        found = np.full(len(ids) + 1, -1, np.int64)
        owners = pc.index_in(self.outcomes.account.take(pa.array(rows)), value_set=ids)
        found[pc.fill_null(owners, len(ids)).to_numpy(zero_copy_only=False)] = rows
        return found[:-1]

    def _ended(self, ids: pa.StringArray, closes: np.datetime64) -> Flags:
        place = pc.fill_null(pc.index_in(ids, value_set=self.lifetimes.account), -1).to_numpy(zero_copy_only=False)
        ended = self.lifetimes.ended_on
        padded = np.append(ended, np.datetime64("NaT", "D"))[place]
        return (padded > np.datetime64(self.as_of, "D")) & (padded <= closes)
