"""Users: who sits in an account, and in which part of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.simulation.accounts import Accounts
from keepwell.simulation.arrays import Doubles, Floats, Indices, Ints
from keepwell.simulation.blocks import Block

UNIT_NAMES = ("headquarters", "operations", "sales", "research")
_SMALLEST_WITH_UNITS = 40


@dataclass(frozen=True)
class Users:
    """Users of a block, sorted by account, and the units of its larger enterprise accounts."""

    account: Indices
    """(users): place of the account within the block."""
    seat: Indices
    """(users): number of the user within the account, from 0."""
    rank: Floats
    """(users): place in the queue of those who take to the product; active where it lies below the active seats."""
    habit: Floats
    """(users): chance of working with the product on an average weekday, once active."""
    unit: Ints
    """(users): place in `unit_ids`, -1 where the account has no units."""
    ids: list[str]
    unit_ids: list[str]
    unit_account: Indices
    """(units): place of the account within the block."""
    unit_number: Ints
    """(units): position in UNIT_NAMES."""


def draw_users(block: Block) -> Users:
    """As many users as the account ever had seats."""
    random, accounts = block.random("users"), block.accounts
    counts = block.renewals.seats.max(axis=0)
    account = np.repeat(np.arange(len(accounts)), counts)
    position = np.arange(len(account)) - np.repeat(np.cumsum(counts) - counts, counts)
    units = _unit_counts(random, accounts)
    first_unit = np.cumsum(units) - units
    unit = np.where(units[account] > 0, first_unit[account] + position % np.maximum(units[account], 1), -1)
    unit_account = np.repeat(np.arange(len(accounts)), units)
    unit_number = np.arange(len(unit_account)) - first_unit[unit_account]
    return Users(
        account=account,
        seat=position,
        rank=((position + random.random(len(account))) * _reluctance(random, unit)).astype(np.float32),
        habit=(0.15 + 0.5 * random.random(len(account), dtype=np.float32)) * np.float32(block.company.activity),
        unit=unit.astype(np.int32),
        ids=[f"{accounts.ids[a]}-{p + 1}" for a, p in zip(account.tolist(), position.tolist(), strict=True)],
        unit_ids=[
            f"{accounts.ids[a]}/{UNIT_NAMES[k]}"
            for a, k in zip(unit_account.tolist(), unit_number.tolist(), strict=True)
        ],
        unit_account=unit_account,
        unit_number=unit_number.astype(np.int32),
    )


def _reluctance(random: np.random.Generator, unit: Indices) -> Doubles:
    """(users): some units take to the product more slowly than others of the same account; 1 without units."""
    by_unit = np.exp(0.35 * random.standard_normal(int(unit.max(initial=-1)) + 2))
    return np.where(unit < 0, 1.0, by_unit[unit])


def _unit_counts(random: np.random.Generator, accounts: Accounts) -> Indices:
    large = (accounts.segment == 2) & (accounts.seats >= _SMALLEST_WITH_UNITS)
    chosen = large & (random.random(len(accounts)) < 0.6)
    return np.where(chosen, random.integers(2, len(UNIT_NAMES) + 1, len(accounts)), 0)
