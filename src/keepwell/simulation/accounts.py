"""Who the customers are: what is fixed about each account when it signs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.simulation.arrays import Doubles, Flags, Indices, Ints, add_months, day_number
from keepwell.simulation.company import BLOCK, Company
from keepwell.simulation.names import company_name, person_name
from keepwell.simulation.streams import stream

INDUSTRIES = ("software", "finance", "health", "manufacturing", "retail", "education", "media")
REGIONS = ("europe", "north_america", "asia_pacific", "latin_america")
PLANS = ("starter", "growth", "scale")
PRICE_PER_SEAT = (540.0, 780.0, 1_140.0)
"""Yearly list price of a seat on each plan."""
_NOTICE_DAYS = 60
_OLDEST_DAYS = 5 * 365


@dataclass(frozen=True)
class Accounts:
    """One block of accounts; every array has one entry per account, days are day numbers."""

    positions: Indices
    """Position in the whole company; the id comes from it."""
    segment: Ints
    industry: Ints
    region: Ints
    plan: Ints
    csm: Ints
    seats: Ints
    """Seats at signing."""
    price: Doubles
    """Yearly price of a seat after discount."""
    signed_on: Ints
    first_renewal: Ints
    """First renewal date in the data's time; renewals before it are not told."""
    parent: Ints
    """Place of the parent within the block, -1 without one."""
    ids: list[str]

    def __len__(self) -> int:
        return len(self.ids)


def account_id(position: int) -> str:
    return f"A{position + 1:06d}"


def draw_accounts(company: Company, block: int) -> Accounts:
    """The accounts of one block; those that signed before the data begin are survivors of their earlier renewals."""
    random = stream(company.seed, "accounts", block)
    positions = np.arange(block * BLOCK, min((block + 1) * BLOCK, company.accounts))
    n = len(positions)
    segment = random.choice(3, size=n, p=company.segment_shares).astype(np.int32)
    plan = np.clip(segment + random.choice((-1, 0, 1), size=n, p=(0.2, 0.6, 0.2)), 0, 2).astype(np.int32)
    signed_on = _signed_on(company, random, n)
    return Accounts(
        positions=positions,
        segment=segment,
        industry=random.integers(0, len(INDUSTRIES), n, dtype=np.int32),
        region=random.choice(len(REGIONS), size=n, p=(0.4, 0.35, 0.15, 0.1)).astype(np.int32),
        plan=plan,
        csm=random.integers(0, company.csms, n, dtype=np.int32),
        seats=_seats(company, random, segment),
        price=np.asarray(PRICE_PER_SEAT)[plan] * random.uniform(0.8, 1.0, n),
        signed_on=signed_on,
        first_renewal=_first_renewal(company, signed_on),
        parent=_parents(random, segment),
        ids=[account_id(position) for position in positions.tolist()],
    )


def account_names(company: Company, accounts: Accounts) -> list[str]:
    return [company_name(position, company.seed) for position in accounts.positions.tolist()]


def csm_names(company: Company) -> list[str]:
    return [person_name(position, company.seed) for position in range(company.csms)]


def _signed_on(company: Company, random: np.random.Generator, n: int) -> Ints:
    first, total = day_number(company.first_day), company.total_days
    before = first - 1 - (random.beta(1.0, 1.6, n) * _OLDEST_DAYS).astype(np.int32)
    within = first + (random.random(n) * (total - 14)).astype(np.int32)
    chosen = np.where(random.random(n) < company.new_share, within, before).astype(np.int32)
    return add_months(chosen, 0)


def _seats(company: Company, random: np.random.Generator, segment: Ints) -> Ints:
    drawn: Doubles = np.asarray(company.seats)[segment] * np.exp(0.45 * random.standard_normal(len(segment)))
    return np.clip(drawn.round(), 2, 20_000).astype(np.int32)


def _first_renewal(company: Company, signed_on: Ints) -> Ints:
    """The first anniversary whose decision can fall into the data."""
    earliest = day_number(company.first_day) + _NOTICE_DAYS
    years = np.maximum(1, (earliest - signed_on) // 365)
    date = add_months(signed_on, 12 * years)
    return np.where(date < earliest, add_months(date, 12), date).astype(np.int32)


def _parents(random: np.random.Generator, segment: Ints) -> Ints:
    """About one account in fifteen belongs to a group led by an enterprise account; groups are one level deep."""
    n = len(segment)
    leaders = np.flatnonzero((segment == 2) & (random.random(n) < 0.25))
    children = (random.random(n) < 0.07) & ~np.isin(np.arange(n), leaders)
    if not len(leaders):
        return np.full(n, -1, dtype=np.int32)
    chosen = leaders[random.integers(0, len(leaders), n)]
    return np.where(children, chosen, -1).astype(np.int32)


def alive_weeks(company: Company, signed_on: Ints, churned_on: Ints) -> Flags:
    """(accounts, weeks): whether the account was a customer on any day of the week."""
    starts = day_number(company.first_day) + 7 * np.arange(company.weeks)
    return (signed_on[:, None] <= starts + 6) & (churned_on[:, None] > starts)
