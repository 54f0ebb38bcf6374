"""Support tickets: an account that is served badly writes more of them, waits longer and says so afterwards."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.simulation.accounts import Accounts
from keepwell.simulation.arrays import Floats, Indices, Ints, at_clock, coded, day_of, day_number, sigmoid, time_column
from keepwell.simulation.company import Company
from keepwell.simulation.health import Health, signal
from keepwell.simulation.renewals import Renewals, seats_by_week
from keepwell.simulation.streams import stream

PRIORITIES = ("low", "normal", "high", "urgent")
CATEGORIES = ("question", "bug", "billing", "performance", "access")
_FIRST_RESPONSE_HOURS = np.array([14.0, 8.0, 3.0, 1.0])
_DAYS_TO_CLOSE = np.array([6.0, 4.0, 2.5, 1.5])
_WEEKLY_TICKETS_OF_TEN_SEATS = 0.32
_HOUR = 3_600
_DAY = 86_400


def ticket_table(company: Company, block: int, accounts: Accounts, renewals: Renewals, state: Health) -> pa.Table:
    """Columns ticket_id, account_id, opened_at, loaded_at, priority, category, first_response_at, first_response_hours,
    closed_at, satisfaction_score (1 to 5, given when the ticket is closed, by about 60 %).

    One ticket in twenty reaches the warehouse days late (`loaded_at`). What happens after the end is null, and tickets
    that had not arrived by then are left out.
    """
    random = stream(company.seed, "tickets", block)
    shown = signal(company, state, "support", random)
    place, opened, quality = _opened(company, random, accounts, renewals, shown)
    priority = _priority(random, quality)
    loaded = opened + _delay(random, len(opened))
    answered = opened + (_FIRST_RESPONSE_HOURS[priority] * _spread(random, -0.5 * quality, 0.5) * _HOUR).astype(np.int64)
    closed = answered + (_DAYS_TO_CLOSE[priority] * _spread(random, -0.4 * quality, 0.6) * _DAY).astype(np.int64)
    satisfaction = np.clip(np.rint(3.7 + 0.8 * quality + 0.8 * random.standard_normal(len(opened))), 1, 5).astype(np.int32)
    silent = random.random(len(opened)) > 0.6
    category = random.choice(len(CATEGORIES), size=len(opened), p=(0.4, 0.25, 0.1, 0.1, 0.15))
    closing = (day_number(company.end) + 1) * _DAY
    keep = loaded < closing
    table = pa.table(
        {
            "ticket_id": pa.array(_ids(accounts, place), pa.string()),
            "account_id": coded(place, accounts.ids),
            "opened_at": time_column(opened),
            "loaded_at": time_column(loaded),
            "priority": coded(priority, PRIORITIES),
            "category": coded(category, CATEGORIES),
            "first_response_at": time_column(answered, answered >= closing),
            "first_response_hours": pa.array(np.round((answered - opened) / _HOUR, 2), mask=answered >= closing),
            "closed_at": time_column(closed, closed >= closing),
            "satisfaction_score": pa.array(satisfaction, mask=silent | (closed >= closing)),
        }
    )
    return table.filter(pa.array(keep))


def _opened(
    company: Company, random: np.random.Generator, accounts: Accounts, renewals: Renewals, shown: Floats
) -> tuple[Indices, Indices, Floats]:
    """Places of accounts, seconds and support signal of the tickets opened within the accounts' lives, in time order."""
    rate = _WEEKLY_TICKETS_OF_TEN_SEATS * np.sqrt(seats_by_week(company, renewals) / 10) * np.exp(-0.45 * shown)
    count = random.poisson(rate)
    place, week = np.nonzero(count)
    repeats = count[place, week]
    place, week = np.repeat(place, repeats), np.repeat(week, repeats)
    weekday = np.searchsorted(np.cumsum((0.22, 0.21, 0.2, 0.18, 0.14, 0.03, 0.02)), random.random(len(week)))
    starts = day_number(company.first_day) + 7 * week
    day = (starts + (np.minimum(weekday, 6) - starts - 4) % 7).astype(np.int32)
    opened = at_clock(day, random.random(len(day)))
    order = np.lexsort((opened, place))
    place, week, day, opened = place[order], week[order], day[order], opened[order]
    lives = _lives(company, accounts, renewals.churned_on, place, day)
    return place[lives], opened[lives], shown[place, week][lives]


def _lives(company: Company, accounts: Accounts, churned_on: Ints, place: Indices, day: Ints) -> np.ndarray:
    ends = np.minimum(churned_on[place], day_number(company.end) + 1)
    return (day >= accounts.signed_on[place]) & (day < ends) & (day == day_of(day.astype(np.int64) * _DAY))


def _priority(random: np.random.Generator, quality: Floats) -> Ints:
    n = len(quality)
    urgent = random.random(n) < sigmoid(-2.6 - 0.6 * quality)
    return np.where(urgent, 3, random.choice(3, size=n, p=(0.3, 0.5, 0.2))).astype(np.int32)


def _delay(random: np.random.Generator, n: int) -> Indices:
    """Seconds until a ticket is in the warehouse: an hour at most, but for one in twenty one to ten days."""
    late = random.random(n) < 0.05
    return np.where(late, random.uniform(1, 10, n) * _DAY, random.uniform(60, _HOUR, n)).astype(np.int64)


def _spread(random: np.random.Generator, shift: Floats, scale: float) -> np.ndarray:
    return np.exp(shift + scale * random.standard_normal(len(shift)))


def _ids(accounts: Accounts, place: Indices) -> list[str]:
    """Numbered within the account, so that ids do not depend on how many accounts are made at a time."""
    starts = np.searchsorted(place, place)
    number = np.arange(len(place)) - starts
    return [f"T-{accounts.ids[a]}-{n + 1}" for a, n in zip(place.tolist(), number.tolist(), strict=True)]
