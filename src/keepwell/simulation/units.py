"""Business units as the customer relationship system keeps them: one row for every change of a unit."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.simulation.arrays import Ints, coded, date_column
from keepwell.simulation.blocks import Block
from keepwell.simulation.names import person_name
from keepwell.simulation.renewals import LOST, UNDECIDED
from keepwell.simulation.users import UNIT_NAMES, Users


def unit_table(block: Block, users: Users) -> pa.Table:
    """Columns unit_id, changed_at, account_id, unit, seats, sponsor, started_on, ended_on (null until it left)."""
    unit, rounds, changed_on = _changes(block, users)
    account, number = users.unit_account[unit], users.unit_number[unit]
    left = (rounds > 0) & (block.renewals.result[np.maximum(rounds - 1, 0), account] == LOST)
    sponsor = (block.accounts.positions[account] * 7 + number).tolist()
    return pa.table(
        {
            "unit_id": coded(unit, users.unit_ids),
            "changed_at": date_column(changed_on),
            "account_id": coded(account, block.ids),
            "unit": coded(number, UNIT_NAMES),
            "seats": pa.array(_seats(block, users)[rounds, unit]),
            "sponsor": pa.array([person_name(one, block.company.seed + 1) for one in sponsor], pa.string()),
            "started_on": date_column(block.accounts.signed_on[account]),
            "ended_on": date_column(changed_on, ~left),
        }
    )


def _changes(block: Block, users: Users) -> tuple[Ints, Ints, Ints]:
    """Units, how many renewals lay behind, and the day: the signing, and each renewal since, up to the end."""
    renewals, account = block.renewals, users.unit_account
    signed = block.accounts.signed_on[account][None, :]
    decided = (renewals.result != UNDECIDED) & (renewals.due_on <= block.last_day)
    happens = np.concatenate([np.ones_like(signed, dtype=np.bool_), decided[:, account]])
    unit, rounds = np.nonzero(happens.T)
    day = np.concatenate([signed, renewals.due_on[:, account]])[rounds, unit]
    return unit.astype(np.int32), rounds.astype(np.int32), day.astype(np.int32)


def _seats(block: Block, users: Users) -> Ints:
    """(rounds + 1, units): users take turns to sit in the units, so the first units get the odd seats."""
    units = np.bincount(users.unit_account, minlength=len(block.accounts))[users.unit_account]
    seats = block.renewals.seats[:, users.unit_account]
    return ((seats - users.unit_number + units - 1) // np.maximum(units, 1)).astype(np.int32)
