"""The truth that experiments are judged by. It is written beside the data and never into them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.simulation.accounts import csm_names
from keepwell.simulation.adoption import utilisation
from keepwell.simulation.arrays import NEVER, Column, Doubles, Flags, Floats, Ints, coded, date_column, day_number
from keepwell.simulation.blocks import Block
from keepwell.simulation.company import SEGMENTS, Company
from keepwell.simulation.health import weights
from keepwell.simulation.interventions import (
    ASSIGNMENTS,
    PLAYBOOKS,
    RAMP_WEEKS,
    Reviews,
    shift,
    started_on,
    true_effect,
)
from keepwell.simulation.perception import csm_optimism
from keepwell.simulation.product import FEATURES
from keepwell.simulation.renewals import RESULTS, SEGMENT_ODDS, UNDECIDED, churn_intercept, loss_chance

SEEN_IN = {
    "adoption": ("seat_utilisation", "active_users_28d"),
    "support": ("first_response_hours_90d", "support_satisfaction", "tickets_per_seat_90d"),
    "sponsorship": ("executive_relationship",),
    "sentiment": ("nps_180d",),
    "breadth": ("features_used_28d", "sticky_features_28d"),
    "payment": ("days_late_180d",),
}
"""Metrics and measures of the shipped definitions in which each driver shows."""
_OUTLOOK_WEEKS = 13


def truth_tables(block: Block) -> dict[str, pa.Table]:
    return {
        "health.parquet": _health(block),
        "renewals.parquet": _renewals(block),
        "interventions.parquet": pa.concat_tables([_interventions(block, review) for review in block.reviews]),
    }


def truth_document(company: Company, asked: Company, effects: dict[str, Any]) -> dict[str, Any]:
    """Parameters as asked for and as used, the drivers in order of importance, and what interventions do."""
    return {
        "seed": company.seed,
        "asked": asked.parameters(),
        "parameters": company.parameters(),
        "drivers": _drivers(company),
        "churn": {
            "log_odds": "intercept + segment_odds - slope * health",
            "intercept": churn_intercept(company),
            "slope": company.churn_slope,
            "segment_odds": dict(zip(SEGMENTS, SEGMENT_ODDS, strict=True)),
        },
        "playbooks": {name: _playbook(company, name) | effects.get(name, {}) for name in PLAYBOOKS},
        "advocacy": "follows health; causes nothing",
        "features": [asdict(feature) for feature in FEATURES],
        "csm_optimism": dict(zip(csm_names(company), csm_optimism(company).tolist(), strict=True)),
    }


def _drivers(company: Company) -> list[dict[str, Any]]:
    """In order of importance; `weight` is the rise of latent health (sd) per sd of the driver."""
    rows = zip(company.drivers.names, company.drivers.strengths, weights(company).tolist(), strict=True)
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    return [
        {"rank": rank, "name": name, "strength": strength, "weight": weight, "seen_in": SEEN_IN[name]}
        for rank, (name, strength, weight) in enumerate(ordered, start=1)
    ]


def _playbook(company: Company, name: str) -> dict[str, Any]:
    effect = true_effect(company, name)
    return {
        "effect_on_health": effect,
        "effect_on_churn_log_odds": -company.churn_slope * effect,
        "full_after_weeks": RAMP_WEEKS,
    }


def _health(block: Block) -> pa.Table:
    """account_id, week (its first day), health, shift (part of it due to interventions), and each driver, in sd; for
    every week from signing until the contract ended."""
    company, accounts = block.company, block.accounts
    first = day_number(company.first_day)
    starts = first + 7 * np.arange(company.weeks)
    there = (starts + 6 >= accounts.signed_on[:, None]) & (starts < block.renewals.churned_on[:, None])
    place, week = np.nonzero(there)
    columns = {
        "account_id": coded(place, accounts.ids),
        "week": date_column((first + 7 * week).astype(np.int32)),
        "health": pa.array(block.state.health[place, week]),
        "shift": pa.array(block.state.shift[place, week]),
    }
    drivers = zip(company.drivers.names, block.state.baseline.drivers, strict=True)
    return pa.table(columns | {name: pa.array(path[place, week]) for name, path in drivers})


def _renewals(block: Block) -> pa.Table:
    """account_id, decided_on, result, churn_probability, churn_probability_untreated (had nobody intervened)."""
    renewals = block.renewals
    place, rounds = np.nonzero(renewals.result.T != UNDECIDED)
    return pa.table(
        {
            "account_id": coded(place, block.accounts.ids),
            "decided_on": date_column(renewals.decided_on[rounds, place]),
            "result": coded(renewals.result[rounds, place], RESULTS),
            "churn_probability": pa.array(renewals.chance[rounds, place]),
            "churn_probability_untreated": pa.array(renewals.chance_untreated[rounds, place]),
        }
    )


def _interventions(block: Block, review: Reviews) -> pa.Table:
    """A row for each account that was considered, the untreated included, with both of its possible futures.

    account_id, playbook, assignment, treated, started_on (or would have), health_before; for the first renewal decided
    from then on: decided_on, churn_probability_treated, churn_probability_untreated (all null without one); and
    utilisation_treated and utilisation_untreated, expected 13 weeks later (null beyond the data). The other playbook
    stays as it was.
    """
    start = started_on(block.company, review)
    considered = (review.week >= 0) & (start < block.renewals.churned_on) & (start <= day_number(block.company.end))
    decided_on, decision_week = _next_decision(block, start)
    later = review.week + _OUTLOOK_WEEKS
    futures = [_future(block, review, treated) for treated in (True, False)]
    chances = [_at(loss_at, decision_week, decided_on == NEVER) for loss_at, _ in futures]
    shares = [_at(share, later, later >= block.company.weeks) for _, share in futures]
    table = pa.table(
        {
            "account_id": pa.array(block.accounts.ids, pa.string()),
            "playbook": pa.array([review.playbook] * len(start), pa.string()),
            "assignment": coded(review.lottery.astype(np.int32), ASSIGNMENTS),
            "treated": pa.array(review.treated),
            "started_on": date_column(start),
            "health_before": _at(block.state.baseline.health, review.week, review.week < 0),
            "decided_on": date_column(decided_on, decided_on == NEVER),
            "churn_probability_treated": chances[0],
            "churn_probability_untreated": chances[1],
            "utilisation_treated": shares[0],
            "utilisation_untreated": shares[1],
        }
    )
    return table.filter(pa.array(considered))


def _next_decision(block: Block, start: Ints) -> tuple[Ints, Ints]:
    """Day and week of the first decision from `start` on; NEVER without one. Treatment cannot have moved it."""
    decided = np.where(block.renewals.decided_on >= start, block.renewals.decided_on, NEVER)
    first: Ints = decided.min(axis=0).astype(np.int32)
    return first, ((first - day_number(block.company.first_day)) // 7).astype(np.int32)


def _future(block: Block, review: Reviews, treated: bool) -> tuple[Doubles, Floats]:
    """(accounts, weeks): chance to lose a renewal decided that week, and expected utilisation, under one decision."""
    company = block.company
    everyone: Flags = np.full(len(block.accounts), treated)
    own = shift(company, [review], everyone) - shift(company, [review])
    health = block.state.health + own
    adoption = block.state.baseline.drivers[company.drivers.names.index("adoption")]
    shown = np.float32(np.sqrt(1 - company.halo**2)) * adoption + np.float32(company.halo) * health
    return loss_chance(company, block.accounts.segment[:, None], health), utilisation(shown)


def _at(values: Doubles | Floats, week: Ints, missing: Flags) -> Column:
    """The value of each account at a week of its own; null where missing."""
    inside = np.clip(week, 0, values.shape[1] - 1)
    return pa.array(values[np.arange(len(values)), inside].astype(np.float64), mask=missing)
