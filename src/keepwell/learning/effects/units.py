"""Who is compared with whom where nobody was drawn: the treated, and for each some who could have been and were not.

For every treated account others are drawn from those who, on the same day, were customers, had not got the treatment
and did not get it in the four weeks after (risk-set sampling, Prentice and Breslow 1978; sequential trials, Hernán and
Robins 2016). All is seen as it was known the day before, so calendar time is balanced by design.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.learning.effects.facts import NEVER, Facts
from keepwell.learning.effects.ledger import Treatments
from keepwell.learning.effects.panel import NONE, Numbers
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags

TREND_DAYS = 28
"""How far back a trend looks."""
PAST_DAYS = 84
"""How far back an average looks, in steps of a trend."""
APART_DAYS = 28
"""Whoever is treated so soon after is no comparison: the decision may have been made already."""
_ROWS, _LEAST, _MOST = 40_000, 10, 50
"""About so many rows are drawn in all; so many for each treated account at least and at most."""


@dataclass(frozen=True)
class Units:
    """n accounts at days: the treated, each with those drawn for it. An account may stand in several."""

    code: Codes  # [n] position of the account
    day: Numbers  # [n] on which it was treated, or could have been
    treated: Flags  # [n]
    risk_set: Codes  # [n] number of the treated account that it stands for or was drawn for
    row: Codes  # [n] row of the panel that tells what was known the day before

    def __len__(self) -> int:
        return len(self.code)

    def take(self, rows: Flags | Codes) -> Units:
        """Some of them, by position or mask."""
        return Units(self.code[rows], self.day[rows], self.treated[rows], self.risk_set[rows], self.row[rows])


def units(facts: Facts, own: Treatments, by: str, seed: int) -> Units:
    """`own`: the rows of `by` within the time asked for. Withdrawn treatments are neither treated nor compared."""
    done = own.take(~own.is_held_out & np.isnat(own.withdrawn_on))
    code, day = facts.codes(done.account), done.day.astype(np.int64)
    row = facts.panel.rows(code, day - 1)
    got_on = _got_on(facts, by)
    there = (row != NONE) & ~facts.decisions.is_gone(code, day - 1) & (got_on[code] >= day)
    code, day, row = code[there], day[there], row[there]
    random = np.random.default_rng(seed)
    size = int(np.clip(_ROWS // max(len(code), 1), _LEAST, _MOST))
    parts = [Units(code, day, np.ones(len(code), np.bool_), np.arange(len(code)), row)]
    for when in np.unique(day):
        parts.append(_drawn(facts, got_on, int(when), np.flatnonzero(day == when), size, random))
    return _joined(parts)


def _got_on(facts: Facts, by: str) -> Numbers:
    """[ids] the first day on which each account got this treatment in whatever way; NEVER."""
    every = facts.treatments.of(*facts.treatments.kin(by))
    every = every.take(~np.isnat(every.got_on))
    found = np.full(len(facts.ids), NEVER, np.int64)
    np.minimum.at(found, facts.codes(every.account), every.got_on.astype(np.int64))
    return found


def _drawn(facts: Facts, got_on: Numbers, day: int, sets: Codes, size: int, random: np.random.Generator) -> Units:
    """For each of `sets` (treated on this day) up to `size` of those who could have been."""
    everyone = np.arange(len(facts.ids))
    free = everyone[got_on > day + APART_DAYS]
    days = np.full(len(free), day, np.int64)
    row = facts.panel.rows(free, days - 1)
    able = (row != NONE) & ~facts.decisions.is_gone(free, days - 1)
    free, row = free[able], row[able]
    count = min(size, len(free))
    picks = [random.choice(len(free), count, replace=False) for _ in sets] if count else []
    at = np.concatenate([np.array([], np.int64), *picks])
    return Units(
        code=free[at],
        day=np.full(len(at), day, np.int64),
        treated=np.zeros(len(at), np.bool_),
        risk_set=np.repeat(sets, count),
        row=row[at],
    )


def _joined(parts: list[Units]) -> Units:
    columns = ("code", "day", "treated", "risk_set", "row")
    return Units(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))
