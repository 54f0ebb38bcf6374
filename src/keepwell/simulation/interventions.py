"""Playbooks that accounts went through: some by lottery, some because a CSM thought it wise.

An adoption workshop shifts latent health by `company.effect`, growing over four weeks and lasting. A webinar invitation
does nothing: whoever finds an effect of it has found confounding or chance. CSMs treat the accounts they worry about,
and they write the pulse down before, so that an analyst can compare like with like; `company.hidden_judgement` lets
them act on what they write nowhere, and then nobody can.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.simulation.accounts import Accounts
from keepwell.simulation.arrays import Flags, Floats, Indices, Ints, coded, date_column, day_number, sigmoid
from keepwell.simulation.company import Company
from keepwell.simulation.health import Baseline, Health
from keepwell.simulation.perception import perceived, pulse
from keepwell.simulation.streams import stream

PLAYBOOKS = ("adoption_workshop", "webinar_invitation")
ASSIGNMENTS = ("judgement", "lottery")
ARMS = ("treated", "held_out", "passed_over")
"""What came of it: the lottery's losers are held out, the others are passed over by their CSM."""
RAMP_WEEKS = 4
_TREATS_LOG_ODDS = np.array([1.0, -0.4, -1.6])
"""Log odds that a CSM treats an account about which he is worried, unsure, confident."""
_SETTLING_WEEKS = 8
"""Nobody is considered in the first weeks as a customer, nor in the first or last weeks of the data; fewer weeks where
the data are short."""


@dataclass(frozen=True)
class Reviews:
    """For one playbook, when each account was considered and what came of it; `week` is -1 where it never was."""

    playbook: str
    week: Ints
    weekday: Ints
    pulse: Indices
    """Position in PULSE_LEVELS, taken the day before; the CSM's judgement rests on it."""
    lottery: Flags
    treated: Flags

    @property
    def arm(self) -> Ints:
        """Position in ARMS."""
        return np.select([self.treated, self.lottery], [0, 1], 2).astype(np.int32)


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
    health = baseline.health[np.arange(n), np.maximum(week, 0)]
    level = pulse(perceived(company, accounts.csm, health, random))
    lottery = random.random(n) < company.randomised_share
    judged = sigmoid(_TREATS_LOG_ODDS[level] - company.hidden_judgement * health)
    chance = np.where(lottery, 1 - company.hold_out, judged)
    return Reviews(
        playbook=playbook,
        week=week,
        weekday=random.integers(0, 5, n, dtype=np.int32),
        pulse=level,
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
    """Columns intervention_id, account_id, playbook, assignment, arm, started_on, completed_on (treated only)."""
    return pa.concat_tables([_ledger(company, accounts, review, churned_on) for review in reviews])


def treatment_table(company: Company, accounts: Accounts, reviews: list[Reviews], churned_on: Ints) -> pa.Table:
    """Columns account_id, by, is_held_out, occurred_at: whom a rule drew by lottery, and whom a CSM chose.

    Whoever a CSM passed over is in no ledger; who looks for what it did finds them among all the others.
    """
    table = intervention_table(company, accounts, reviews, churned_on)
    table = table.filter(pc.not_equal(table["arm"].cast(pa.string()), "passed_over"))
    by_lottery = pc.equal(table["assignment"].cast(pa.string()), "lottery")
    kind = pc.if_else(by_lottery, "rule", "playbook")
    return pa.table(
        {
            "account_id": table["account_id"],
            "by": pc.binary_join_element_wise(kind, table["playbook"].cast(pa.string()), ":"),
            "is_held_out": pc.equal(table["arm"].cast(pa.string()), "held_out"),
            "occurred_at": table["started_on"],
        }
    )


def _ledger(company: Company, accounts: Accounts, review: Reviews, churned_on: Ints) -> pa.Table:
    start = started_on(company, review)
    place = np.flatnonzero((review.week >= 0) & (start < churned_on) & (start <= day_number(company.end)))
    arm = review.arm[place]
    completed = start[place] + 14 + accounts.positions[place].astype(np.int32) % 14
    unfinished = (arm > 0) | (completed > day_number(company.end)) | (completed >= churned_on[place])
    code = "W" if review.playbook == "adoption_workshop" else "N"
    return pa.table(
        {
            "intervention_id": pa.array([f"{accounts.ids[i]}-{code}" for i in place.tolist()], pa.string()),
            "account_id": coded(place, accounts.ids),
            "playbook": pa.array([review.playbook] * len(place), pa.string()),
            "assignment": coded(review.lottery[place].astype(np.int32), ASSIGNMENTS),
            "arm": coded(arm, ARMS),
            "started_on": date_column(start[place]),
            "completed_on": date_column(completed, unfinished),
        }
    )
