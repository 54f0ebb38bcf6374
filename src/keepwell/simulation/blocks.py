"""One block of accounts: who they are, how they fare and who leaves, drawn in the order of cause and effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.simulation.accounts import Accounts, alive_weeks, draw_accounts
from keepwell.simulation.arrays import Flags, Floats, Ints, day_number
from keepwell.simulation.company import Company
from keepwell.simulation.health import Health, draw_baseline, signal
from keepwell.simulation.interventions import Reviews, draw_reviews, reached
from keepwell.simulation.renewals import Renewals, draw_renewals, seats_by_week
from keepwell.simulation.streams import stream


@dataclass(frozen=True)
class Block:
    """What every subject (usage, tickets, ...) of up to 1,000 accounts hangs on; the truth is part of it."""

    company: Company
    number: int
    accounts: Accounts
    reviews: list[Reviews]
    state: Health
    renewals: Renewals

    def random(self, subject: str) -> np.random.Generator:
        return stream(self.company.seed, subject, self.number)

    def signal(self, driver: str, random: np.random.Generator, noise: float = 1.0) -> Floats:
        return signal(self.company, self.state, driver, random, noise)

    @property
    def ids(self) -> list[str]:
        return self.accounts.ids

    @property
    def churned_on(self) -> Ints:
        return self.renewals.churned_on

    @property
    def first_day(self) -> int:
        return day_number(self.company.first_day)

    @property
    def last_day(self) -> int:
        return day_number(self.company.end)

    @property
    def leaves_on(self) -> Ints:
        """Day number from which nothing happens any more: the contract's end, or the day after the data's last."""
        return np.minimum(self.churned_on, self.last_day + 1).astype(np.int32)

    def seats(self) -> Ints:
        """(accounts, weeks): seats under contract."""
        return seats_by_week(self.company, self.renewals)

    def there(self) -> Flags:
        """(accounts, weeks): whether the account was a customer on any day of the week."""
        return alive_weeks(self.company, self.accounts.signed_on, self.churned_on)

    def tenure_weeks(self) -> Floats:
        """(accounts, weeks): weeks since signing at the end of each week."""
        ends = self.first_day + 7 * np.arange(self.company.weeks) + 6
        weeks: Floats = ((ends - self.accounts.signed_on[:, None]) / 7).astype(np.float32)
        return weeks

    def week_of(self, days: Ints) -> Ints:
        """Simulated week of each day number."""
        return ((days - self.first_day) // 7).astype(np.int32)


def draw_block(company: Company, number: int) -> Block:
    accounts = draw_accounts(company, number)
    baseline = draw_baseline(company, number, len(accounts))
    reviews = draw_reviews(company, number, accounts, baseline)
    state = reached(company, baseline, reviews)
    return Block(company, number, accounts, reviews, state, draw_renewals(company, number, accounts, state))
