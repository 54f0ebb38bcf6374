"""Advocacy: what happy customers do for us. It follows health and causes nothing, which is the trap it sets."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.simulation.arrays import coded, date_column
from keepwell.simulation.blocks import Block
from keepwell.simulation.renewals import yearly_revenue
from keepwell.simulation.rhythm import serial_ids

KINDS = ("review", "reference_call", "case_study", "webinar", "referral", "community_answer")
_KIND_SHARES = (0.25, 0.2, 0.06, 0.09, 0.1, 0.3)
_IMPACT = np.array([3, 5, 8, 4, 8, 1], dtype=np.int32)
"""Points a team would give each kind."""
_WITH_DEAL = [KINDS.index("reference_call"), KINDS.index("referral")]
_WEEKLY_RATE = np.array([0.008, 0.012, 0.02])
_SETTLING_WEEKS = 26


def advocacy_table(block: Block) -> pa.Table:
    """Columns activity_id, account_id, happened_on, kind, impact (points), influenced_amount (null but for reference
    calls and referrals)."""
    random = block.random("advocacy")
    ready = block.there() & (block.tenure_weeks() >= _SETTLING_WEEKS)
    count = random.poisson(_WEEKLY_RATE[block.accounts.segment][:, None] * np.exp(0.8 * block.state.health) * ready)
    place, week = np.nonzero(count)
    repeats = count[place, week]
    place, week = np.repeat(place, repeats), np.repeat(week, repeats)
    day = block.first_day + 7 * week + random.integers(0, 7, len(week))
    day = np.minimum(day, block.leaves_on[place] - 1).astype(np.int32)
    kind = random.choice(len(KINDS), size=len(place), p=_KIND_SHARES)
    arr = yearly_revenue(block.accounts, block.accounts.seats)[place]
    deal = np.maximum(100, np.round(arr * random.uniform(0.3, 1.5, len(place)), -2))
    return pa.table(
        {
            "activity_id": pa.array(serial_ids("V", block.ids, place), pa.string()),
            "account_id": coded(place, block.ids),
            "happened_on": date_column(day),
            "kind": coded(kind, KINDS),
            "impact": pa.array(_IMPACT[kind]),
            "influenced_amount": pa.array(deal, mask=~np.isin(kind, _WITH_DEAL)),
        }
    )
