"""Overrides and pins that people set on single accounts, a few in a hundred."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.simulation.accounts import csm_names
from keepwell.simulation.arrays import Indices, Ints, at_clock, coded, date_column, time_column
from keepwell.simulation.blocks import Block
from keepwell.simulation.rhythm import occasions

_EFFECTS = (
    ("at_most", "yellow", "acquired by another company, future unclear"),
    ("at_most", "red", "told us they look at a competitor"),
    ("at_least", "yellow", "contract extension agreed by mail"),
    ("set", "60", "data of this account are being migrated"),
)
_LASTS_DAYS = 60
_PINNED = ("enterprise", "everyone_else")


def override_table(block: Block) -> pa.Table:
    """Columns account_id, effect, value (a label or a number, as text), reason, author, recorded_at, until,
    withdrawn_at (null unless somebody took it back before)."""
    random = block.random("overrides")
    place, day = _now_and_then(block, random, 0.03)
    health = block.state.health[place, block.week_of(day)] + 0.8 * random.standard_normal(len(place))
    kind = np.select([health < -1.0, health < 0.3, health < 1.5], [1, 0, 2], 3)
    withdrawn = (day + 20).astype(np.int32)
    standing = (random.random(len(place)) > 0.25) | (withdrawn > block.last_day)
    return pa.table(
        {
            "account_id": coded(place, block.ids),
            "effect": coded(kind, [effect for effect, _, _ in _EFFECTS]),
            "value": coded(kind, [value for _, value, _ in _EFFECTS]),
            "reason": coded(kind, [reason for _, _, reason in _EFFECTS]),
            "author": coded(block.accounts.csm[place], csm_names(block.company)),
            "recorded_at": time_column(at_clock(day, random.random(len(place)))),
            "until": date_column((day + _LASTS_DAYS).astype(np.int32)),
            "withdrawn_at": time_column(at_clock(withdrawn, random.random(len(place))), standing),
        }
    )


def pin_table(block: Block) -> pa.Table:
    """Columns account_id, scorecard, reason, author, recorded_at, until."""
    random = block.random("pins")
    place, day = _now_and_then(block, random, 0.01)
    card = np.where(block.accounts.segment[place] == 2, 1, 0)
    return pa.table(
        {
            "account_id": coded(place, block.ids),
            "scorecard": coded(card, _PINNED),
            "reason": coded(
                card, ("strategic customer, served like an enterprise", "small team within a large customer")
            ),
            "author": coded(block.accounts.csm[place], csm_names(block.company)),
            "recorded_at": time_column(at_clock(day, random.random(len(place)))),
            "until": date_column((day + 365).astype(np.int32)),
        }
    )


def _now_and_then(block: Block, random: np.random.Generator, share: float) -> tuple[Indices, Ints]:
    """A share of the occasions that come every half year."""
    every = np.full(len(block.accounts), 182, dtype=np.int32)
    place, day = occasions(block, random, every, jitter_days=90)
    chosen = random.random(len(place)) < share
    return place[chosen], day[chosen]
