"""Playbooks that accounts went through: some by lottery, some because a CSM thought it wise.

An adoption workshop shifts latent health by `company.effect`, growing over four weeks and lasting. A webinar invitation
does nothing: whoever finds an effect of it has found confounding or chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.simulation.accounts import Accounts
from keepwell.simulation.arrays import Flags, Floats, Ints, coded, date_column, day_number, sigmoid
from keepwell.simulation.company import Company
from keepwell.simulation.health import Baseline, Health
from keepwell.simulation.streams import stream

PLAYBOOKS = ("adoption_workshop", "webinar_invitation")
ASSIGNMENTS = ("judgement", "lottery")
RAMP_WEEKS = 4
_SETTLING_WEEKS = 8
"""Nobody is considered in the first weeks as a customer, nor in the first or last weeks of the data; fewer weeks where
the data are short."""


@dataclass(frozen=True)
class Reviews:
    """For one playbook, when each account was considered and what came of it; `week` is -1 where it never was."""

    playbook: str
    week: Ints
    weekday: Ints
    lottery: Flags
    treated: Flags

    @property
    def logged(self) -> Flags:
        """In the ledger: everybody treated, and the lottery's losers. A CSM who does nothing writes nothing down."""
        return (self.week >= 0) & (self.treated | self.lottery)


def true_effect(company: Company, playbook: str) -> float:
    """Lasting shift of latent health (sd)."""
    return company.effect if playbook == "adoption_workshop" else 0.0


def draw_reviews(company: Company, block: int, accounts: Accounts, baseline: Baseline) -> list[Reviews]:
    return [_draw(company, block, accounts, baseline, playbook) for playbook in PLAYBOOKS]


def _draw(company: Company, block: int, accounts: Accounts, baseline: Baseline, playbook: str) -> Reviews:
    random = stream(company.seed, playbook, block)
    n = len(accounts)
    signed_week = (accounts.signed_on - day_number(company.first_day)) // 7
    settling = min(_SETTLING_WEEKS, company.weeks // 4)
    low = np.maximum(signed_week, 0) + settling
    high = company.weeks - settling
    week = low + (random.random(n) * (high - low)).astype(np.int32)
    week = np.where((random.random(n) < company.reviewed_share) & (low < high), week, -1).astype(np.int32)
    perceived = baseline.health[np.arange(n), np.maximum(week, 0)] + 0.5 * random.standard_normal(n)
    lottery = random.random(n) < company.randomised_share
    chance = np.where(lottery, 1 - company.hold_out, sigmoid(-0.6 - 1.4 * perceived))
    return Reviews(
        playbook=playbook,
        week=week,
        weekday=random.integers(0, 5, n, dtype=np.int32),
        lottery=lottery,
        treated=(week >= 0) & (random.random(n) < chance),
    )


def shift(company: Company, reviews: list[Reviews], treated: Flags | None = None) -> Floats:
    """(accounts, weeks): what the playbooks added to latent health, from the week after the start on.

    `treated` puts other decisions in the place of those that were taken.
    """
    weeks = np.arange(company.weeks)
    total = np.zeros((len(reviews[0].week), company.weeks), dtype=np.float32)
    for review in reviews:
        who = review.treated if treated is None else treated
        ramp = np.clip((weeks - review.week[:, None]) / RAMP_WEEKS, 0, 1)
        total += (true_effect(company, review.playbook) * ramp * (who & (review.week >= 0))[:, None]).astype(np.float32)
    return total


def reached(company: Company, baseline: Baseline, reviews: list[Reviews]) -> Health:
    return Health(baseline=baseline, shift=shift(company, reviews))


def started_on(company: Company, review: Reviews) -> Ints:
    """Day number on which the playbook started or, for those held out, would have."""
    day_of_week = (review.weekday - company.first_day.weekday()) % 7
    return (day_number(company.first_day) + 7 * review.week + day_of_week).astype(np.int32)


def intervention_table(company: Company, accounts: Accounts, reviews: list[Reviews], churned_on: Ints) -> pa.Table:
    """Columns intervention_id, account_id, playbook, assignment, arm, started_on, completed_on (null if held out)."""
    return pa.concat_tables([_ledger(company, accounts, review, churned_on) for review in reviews])


def _ledger(company: Company, accounts: Accounts, review: Reviews, churned_on: Ints) -> pa.Table:
    start = started_on(company, review)
    place = np.flatnonzero(review.logged & (start < churned_on) & (start <= day_number(company.end)))
    held_out = ~review.treated[place]
    completed = start[place] + 14 + accounts.positions[place].astype(np.int32) % 14
    unfinished = held_out | (completed > day_number(company.end)) | (completed >= churned_on[place])
    code = "W" if review.playbook == "adoption_workshop" else "N"
    return pa.table(
        {
            "intervention_id": pa.array([f"{accounts.ids[i]}-{code}" for i in place.tolist()], pa.string()),
            "account_id": coded(place, accounts.ids),
            "playbook": pa.array([review.playbook] * len(place), pa.string()),
            "assignment": coded(review.lottery[place].astype(np.int32), ASSIGNMENTS),
            "arm": coded(held_out.astype(np.int32), ("treated", "held_out")),
            "started_on": date_column(start[place]),
            "completed_on": date_column(completed, unfinished),
        }
    )
