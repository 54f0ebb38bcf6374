"""Invoices: monthly for small customers, quarterly for the others, and paid the later the worse the payment driver."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.simulation.arrays import Floats, Ints, coded, date_column
from keepwell.simulation.blocks import Block
from keepwell.simulation.rhythm import occasions, serial_ids

_EVERY_DAYS = np.array([30, 91, 91], dtype=np.int32)
_TERM_DAYS = 30


def invoice_table(block: Block) -> pa.Table:
    """Columns invoice_id, account_id, issued_on, due_on, amount, paid_on (null while open at the end)."""
    random = block.random("invoices")
    shown = block.signal("payment", random)
    every = _EVERY_DAYS[block.accounts.segment]
    place, issued_on = occasions(block, random, every, jitter_days=0)
    week = block.week_of(issued_on)
    due_on = (issued_on + _TERM_DAYS).astype(np.int32)
    paid_on = np.maximum(issued_on + 1, due_on + _days_late(random, shown[place, week])).astype(np.int32)
    amount = block.seats()[place, week] * block.accounts.price[place] * every[place] / 365
    return pa.table(
        {
            "invoice_id": pa.array(serial_ids("I", block.ids, place), pa.string()),
            "account_id": coded(place, block.ids),
            "issued_on": date_column(issued_on),
            "due_on": date_column(due_on),
            "amount": pa.array(np.round(amount, 2)),
            "paid_on": date_column(paid_on, paid_on > block.last_day),
        }
    )


def _days_late(random: np.random.Generator, shown: Floats) -> Ints:
    return np.rint(2 - 8 * shown + 5 * random.standard_normal(len(shown))).astype(np.int32)
