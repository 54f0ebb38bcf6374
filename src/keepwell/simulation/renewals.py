"""Renewals: every year an account stays, grows, shrinks or leaves, and its latent health weighs on the odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.simulation.accounts import Accounts
from keepwell.simulation.arrays import (
    NEVER,
    Doubles,
    Flags,
    Floats,
    Ints,
    add_months,
    coded,
    date_column,
    day_number,
    sigmoid,
)
from keepwell.simulation.company import Company
from keepwell.simulation.health import Health
from keepwell.simulation.streams import stream

RESULTS = ("won", "lost", "upsell", "downsell")
LOST = 1
UNDECIDED = -1
SEGMENT_ODDS = (0.35, 0.0, -0.6)
"""Added to the log odds of losing a renewal: smaller customers leave more easily."""
_NOTICE = (12, 20, 35)
"""Shortest days between decision and renewal date; the longest are three weeks more."""


@dataclass(frozen=True)
class Renewals:
    """Renewals of a block; arrays are (rounds, accounts) unless said otherwise, days are day numbers."""

    due_on: Ints
    decided_on: Ints
    """NEVER where the decision lies after the data or the account has left before."""
    result: Ints
    """Position in RESULTS, or UNDECIDED."""
    chance: Doubles
    """True probability of losing it."""
    chance_untreated: Doubles
    """The same, had there been no intervention."""
    seats: Ints
    """(rounds + 1, accounts): seats before the first round, then after each."""
    churned_on: Ints
    """(accounts): end of the lost contract, also where that lies after the data; NEVER for those who stay."""


def churn_intercept(company: Company) -> float:
    """Log odds at health 0 in the middle segment that make the expected loss equal `churn_rate`.

    Found by bisection of the mean over a standard normal health (Gauss-Hermite quadrature) and the segment shares.
    """
    nodes, node_weights = np.polynomial.hermite_e.hermegauss(64)
    odds = np.asarray(SEGMENT_ODDS)[:, None] - company.churn_slope * nodes
    density = np.asarray(company.segment_shares)[:, None] * node_weights / node_weights.sum()
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        too_high = float((sigmoid(odds + middle) * density).sum()) > company.churn_rate
        low, high = (low, middle) if too_high else (middle, high)
    return (low + high) / 2


def loss_chance(company: Company, segment: Ints, health: Floats | Doubles) -> Doubles:
    return sigmoid(churn_intercept(company) + np.asarray(SEGMENT_ODDS)[segment] - company.churn_slope * health)


def draw_renewals(company: Company, block: int, accounts: Accounts, state: Health) -> Renewals:
    random = stream(company.seed, "renewals", block)
    churned_on = np.full(len(accounts), NEVER, dtype=np.int32)
    rounds, seats = [], [accounts.seats]
    for number in range(company.total_days // 365 + 2):
        due_on = add_months(accounts.first_renewal, 12 * number)
        waiting = _Waiting(due_on, churned_on == NEVER)
        rounds.append(_decide(company, state, random, accounts.segment, waiting))
        churned_on = np.where(rounds[-1].result == LOST, due_on, churned_on).astype(np.int32)
        seats.append(_seats_after(random, rounds[-1].result, seats[-1]))
    return Renewals(
        due_on=np.stack([one.due_on for one in rounds]),
        decided_on=np.stack([one.decided_on for one in rounds]),
        result=np.stack([one.result for one in rounds]),
        chance=np.stack([one.chance for one in rounds]),
        chance_untreated=np.stack([one.chance_untreated for one in rounds]),
        seats=np.stack(seats),
        churned_on=churned_on,
    )


@dataclass(frozen=True)
class _Waiting:
    """Who comes up for renewal, and when: both (accounts)."""

    due_on: Ints
    still_there: Flags


@dataclass(frozen=True)
class _Round:
    """One anniversary of every account of the block; arrays as in Renewals."""

    due_on: Ints
    decided_on: Ints
    result: Ints
    chance: Doubles
    chance_untreated: Doubles


def _decide(company: Company, state: Health, random: np.random.Generator, segment: Ints, waiting: _Waiting) -> _Round:
    """Draw decision dates and results for those who have not left before."""
    everyone = np.arange(len(segment))
    notice = np.asarray(_NOTICE)[segment] + random.integers(0, 22, len(segment))
    decided_on = (waiting.due_on - notice).astype(np.int32)
    happens = waiting.still_there & (decided_on <= day_number(company.end))
    week = np.clip((decided_on - day_number(company.first_day)) // 7, 0, company.weeks - 1)
    health = state.health[everyone, week]
    chance = loss_chance(company, segment, health)
    return _Round(
        due_on=waiting.due_on,
        decided_on=np.where(happens, decided_on, NEVER).astype(np.int32),
        result=np.where(happens, _result(random, chance, health), UNDECIDED).astype(np.int32),
        chance=chance,
        chance_untreated=loss_chance(company, segment, state.baseline.health[everyone, week]),
    )


def _seats_after(random: np.random.Generator, result: Ints, before: Ints) -> Ints:
    grown = np.ceil(before * random.uniform(1.1, 1.5, len(before)))
    shrunk = np.maximum(2, np.floor(before * random.uniform(0.6, 0.9, len(before))))
    return np.select([result == 2, result == 3], [grown, shrunk], before).astype(np.int32)


def _result(random: np.random.Generator, chance: Doubles, health: Floats) -> Ints:
    lost = random.random(len(chance)) < chance
    up, down = sigmoid(-1.3 + 0.9 * health), sigmoid(-2.2 - 0.8 * health)
    draw = random.random(len(chance))
    kept = np.select([draw < up * (1 - down), draw > 1 - down], [2, 3], 0)
    return np.where(lost, LOST, kept).astype(np.int32)


def seats_by_week(company: Company, renewals: Renewals) -> Ints:
    """(accounts, weeks): seats under contract."""
    starts = day_number(company.first_day) + 7 * np.arange(company.weeks)
    seats = np.repeat(renewals.seats[0][:, None], company.weeks, axis=1)
    for due_on, after in zip(renewals.due_on, renewals.seats[1:], strict=True):
        seats = np.where(starts >= due_on[:, None], after[:, None], seats)
    return seats


def yearly_revenue(accounts: Accounts, seats: Ints) -> Doubles:
    """ARR in whole units of currency for seats of shape (..., accounts)."""
    return np.asarray(np.round(seats * accounts.price), dtype=np.float64)


def renewal_table(accounts: Accounts, renewals: Renewals) -> pa.Table:
    """renewal_id, account_id, due_on, decided_on, result, arr: the yearly amount kept, or the one that was lost."""
    rounds, place = np.nonzero(renewals.result != UNDECIDED)
    order = np.lexsort((rounds, place))
    rounds, place = rounds[order], place[order]
    result = renewals.result[rounds, place]
    return pa.table(
        {
            "renewal_id": pa.array(
                [f"{accounts.ids[i]}-R{r + 1}" for r, i in zip(rounds.tolist(), place.tolist(), strict=True)],
                pa.string(),
            ),
            "account_id": coded(place, accounts.ids),
            "due_on": date_column(renewals.due_on[rounds, place]),
            "decided_on": date_column(renewals.decided_on[rounds, place]),
            "result": coded(result, RESULTS),
            "arr": pa.array(yearly_revenue(accounts, renewals.seats[1:])[rounds, place]),
        }
    )
