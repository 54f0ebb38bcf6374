"""Everything that effects are estimated from, with accounts as positions in one list of ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.learning.effects.ledger import Treatments
from keepwell.learning.effects.panel import Numbers, Panel, codes_of, panel
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Outcomes
from keepwell.learning.reading import Lifetimes

NEVER = np.iinfo(np.int64).max // 4
_DAYS = 1 << 20


@dataclass(frozen=True)
class Decisions:
    """Decisions in order of account and day: [n] each."""

    code: Codes
    day: Numbers
    lost: Flags

    def loss_after(self, code: Codes, day: Numbers) -> Numbers:
        """[n] the day of the first loss of each account after each day; NEVER without."""
        losses = self._losses
        at = np.searchsorted(losses, code * _DAYS + day, side="right")
        found = np.append(losses, -1)[at]
        return np.where(found // _DAYS == code, found % _DAYS, NEVER)

    def is_gone(self, code: Codes, day: Numbers) -> Flags:
        """[n] the last decision at or before each day was to leave."""
        if not len(self.code):
            return np.zeros(len(code), np.bool_)
        at = np.searchsorted(self.code * _DAYS + self.day, code * _DAYS + day, side="right") - 1
        safe = np.maximum(at, 0)
        found: Flags = (at >= 0) & (self.code[safe] == code) & self.lost[safe]
        return found

    @cached_property
    def _losses(self) -> Numbers:
        return self.code[self.lost] * _DAYS + self.day[self.lost]


@dataclass(frozen=True)
class Facts:
    """`ids`: all accounts, in order. `last_day`: nothing after it is known. `decided_until`: the last day of which it
    is known who left. `ended`: [ids] the last day of each account (NEVER: none known)."""

    ids: pa.StringArray
    treatments: Treatments
    panel: Panel
    decisions: Decisions
    last_day: int
    decided_until: int
    ended: Numbers

    def codes(self, account: pa.Array) -> Codes:
        return codes_of(account, self.ids)


def facts(
    treatments: Treatments,
    history: pa.Table,
    outcomes: Outcomes | None,
    last: date,
    *,
    reach_days: int,
    lifetimes: Lifetimes | None = None,
) -> Facts:
    """Puts the parts together.

    `history`: `account`, `as_of` (date32) and columns of numbers: what was known at the end of each day; rows after
    `last` are not seen. `reach_days`: so long a row stands for its account, at least as far as rows lie apart.
    `outcomes` None: nothing is known of who left. `lifetimes`: an account that ended without a decision is neither
    lost nor kept from then on.
    """
    last_day = int(np.datetime64(last, "D").astype(np.int64))
    seen = history.filter(pc.less_equal(history["as_of"].cast(pa.date32()), pa.scalar(last, pa.date32())))
    parts = [treatments.account, _texts(seen["account"])]
    if outcomes is not None:
        parts.append(outcomes.account)
    ids = pc.unique(pa.concat_arrays(parts)).sort()
    decisions = decisions_of(outcomes, ids, last_day)
    known = [int(decisions.day.max())] if len(decisions.day) else []
    return Facts(
        ids=ids,
        treatments=treatments,
        panel=panel(seen, ids, reach_days),
        decisions=decisions,
        last_day=last_day,
        decided_until=min([last_day, *known]) if known else -NEVER,
        ended=_ended(lifetimes, ids),
    )


def _texts(column: pa.ChunkedArray) -> pa.StringArray:
    found = column.cast(pa.string())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def decisions_of(outcomes: Outcomes | None, ids: pa.StringArray, last_day: int) -> Decisions:
    """Those of the accounts `ids` up to `last_day`, a day as a number."""
    if outcomes is None or not outcomes.is_dated:
        return Decisions(np.array([], np.int64), np.array([], np.int64), np.array([], np.bool_))
    code, day = codes_of(outcomes.account, ids), outcomes.decided_on.astype(np.int64)
    order = np.lexsort((day, code))
    order = order[day[order] <= last_day]
    return Decisions(code[order], day[order], outcomes.lost[order])


def _ended(lifetimes: Lifetimes | None, ids: pa.StringArray) -> Numbers:
    found = np.full(len(ids), NEVER, np.int64)
    if lifetimes is None:
        return found
    code = codes_of(lifetimes.account, ids)
    known = (code >= 0) & ~np.isnat(lifetimes.ended_on)
    found[code[known]] = lifetimes.ended_on[known].astype(np.int64)
    return found
