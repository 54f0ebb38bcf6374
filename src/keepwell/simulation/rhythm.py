"""Things that come round for every account: quarterly surveys, monthly invoices, a CSM's visits."""

from __future__ import annotations

import numpy as np

from keepwell.simulation.arrays import Indices, Ints
from keepwell.simulation.blocks import Block


def occasions(block: Block, random: np.random.Generator, every_days: Ints, jitter_days: int) -> tuple[Indices, Ints]:
    """Places of accounts and day numbers: about every `every_days` (one number per account) within the account's life.

    The first occasion lies one to two periods after signing for new accounts, and at a random point of the first period
    for the others; each is then moved by up to `jitter_days`. Sorted by account and, for small jitters, by day.
    """
    signed_on = block.accounts.signed_on
    phase = (random.random(len(signed_on)) * every_days).astype(np.int32)
    begins = np.where(signed_on < block.first_day, block.first_day + phase, signed_on + every_days + phase // 4)
    rounds = np.arange(block.company.total_days // int(every_days.min()) + 1)
    days = begins[:, None] + rounds * every_days[:, None]
    days = days + random.integers(0, jitter_days + 1, days.shape)
    place, turn = np.nonzero(days < block.leaves_on[:, None])
    return place, days[place, turn].astype(np.int32)


def serial_ids(prefix: str, account_ids: list[str], place: Indices) -> list[str]:
    """Ids numbered within the account (places are sorted), which therefore do not depend on any other account."""
    number = np.arange(len(place)) - np.searchsorted(place, place) + 1
    pairs = zip(place.tolist(), number.tolist(), strict=True)
    return [f"{prefix}-{account_ids[account]}-{number}" for account, number in pairs]
