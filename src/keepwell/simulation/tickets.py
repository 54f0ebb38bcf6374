"""Support tickets: an account that is served badly writes more of them, waits longer and says so afterwards."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.simulation.arrays import (
    SECONDS_A_DAY,
    Doubles,
    Floats,
    Indices,
    Ints,
    at_clock,
    coded,
    sigmoid,
    time_column,
)
from keepwell.simulation.blocks import Block
from keepwell.simulation.rhythm import serial_ids

PRIORITIES = ("low", "normal", "high", "urgent")
CATEGORIES = ("question", "bug", "billing", "performance", "access")
_FIRST_RESPONSE_HOURS = np.array([10.0, 8.0, 5.0, 2.5])
_DAYS_TO_CLOSE = np.array([6.0, 4.0, 2.5, 1.5])
_WEEKLY_TICKETS_OF_TEN_SEATS = 0.32
_OPENED_BY_WEEKDAY = (0.22, 0.21, 0.2, 0.18, 0.14, 0.03, 0.02)
_HOUR = 3_600


def ticket_table(block: Block) -> pa.Table:
    """Columns ticket_id, account_id, opened_at, loaded_at, priority, category, first_response_at, first_response_hours,
    closed_at, satisfaction_score (1 to 5, given when the ticket is closed, by about 60 %).

    One ticket in twenty reaches the warehouse days late (`loaded_at`). What happens after the end is null, and tickets
    that had not arrived by then are left out.
    """
    random = block.random("tickets")
    place, opened, quality = _opened(block, random)
    n = len(place)
    priority = _priority(random, quality)
    loaded = opened + _delay(random, n)
    answered = opened + (_FIRST_RESPONSE_HOURS[priority] * _spread(random, -0.7 * quality, 0.45) * _HOUR).astype(int)
    closed = answered + (_DAYS_TO_CLOSE[priority] * _spread(random, -0.4 * quality, 0.6) * SECONDS_A_DAY).astype(int)
    satisfaction = np.clip(np.rint(3.7 + 0.8 * quality + 0.8 * random.standard_normal(n)), 1, 5).astype(np.int32)
    closing = (block.last_day + 1) * SECONDS_A_DAY
    silent = (random.random(n) > 0.6) | (closed >= closing)
    table = pa.table(
        {
            "ticket_id": pa.array(serial_ids("T", block.ids, place), pa.string()),
            "account_id": coded(place, block.ids),
            "opened_at": time_column(opened),
            "loaded_at": time_column(loaded),
            "priority": coded(priority, PRIORITIES),
            "category": coded(random.choice(len(CATEGORIES), size=n, p=(0.4, 0.25, 0.1, 0.1, 0.15)), CATEGORIES),
            "first_response_at": time_column(answered, answered >= closing),
            "first_response_hours": pa.array(np.round((answered - opened) / _HOUR, 2), mask=answered >= closing),
            "closed_at": time_column(closed, closed >= closing),
            "satisfaction_score": pa.array(satisfaction, mask=silent),
        }
    )
    return table.filter(pa.array(loaded < closing))


def _opened(block: Block, random: np.random.Generator) -> tuple[Indices, Indices, Floats]:
    """Places of accounts, seconds and support signal of the tickets within the accounts' lives, sorted by both."""
    shown = block.signal("support", random)
    rate = _WEEKLY_TICKETS_OF_TEN_SEATS * np.sqrt(block.seats() / 10) * np.exp(-0.45 * shown)
    count = random.poisson(rate)
    place, week = np.nonzero(count)
    repeats = count[place, week]
    place, week = np.repeat(place, repeats), np.repeat(week, repeats)
    day = _on_weekday(block.first_day + 7 * week, random)
    opened = at_clock(day, random.random(len(day)))
    order = np.lexsort((opened, place))
    lives = (day >= block.accounts.signed_on[place]) & (day < block.leaves_on[place])
    order = order[lives[order]]
    return place[order], opened[order], shown[place, week][order]


def _on_weekday(starts: Indices, random: np.random.Generator) -> Ints:
    """A day of the seven that begin at each start, most often a Monday. Day number 0 was a Thursday."""
    weekday = random.choice(7, size=len(starts), p=_OPENED_BY_WEEKDAY)
    return (starts + (weekday - starts - 3) % 7).astype(np.int32)


def _priority(random: np.random.Generator, quality: Floats) -> Ints:
    n = len(quality)
    urgent = random.random(n) < sigmoid(-2.6 - 0.6 * quality)
    return np.where(urgent, 3, random.choice(3, size=n, p=(0.3, 0.5, 0.2))).astype(np.int32)


def _delay(random: np.random.Generator, n: int) -> Indices:
    """Seconds until a ticket is in the warehouse: an hour at most, but for one in twenty one to ten days."""
    late = random.random(n) < 0.05
    return np.where(late, random.uniform(1, 10, n) * SECONDS_A_DAY, random.uniform(60, _HOUR, n)).astype(np.int64)


def _spread(random: np.random.Generator, shift: Floats, scale: float) -> Doubles:
    return np.exp(shift + scale * random.standard_normal(len(shift)))
