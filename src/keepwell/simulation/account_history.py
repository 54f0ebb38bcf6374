"""The accounts as a customer relationship system keeps them: one row for every change of an account."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.simulation.accounts import INDUSTRIES, PLANS, REGIONS, Accounts, account_names, csm_names
from keepwell.simulation.arrays import Flags, Indices, Ints, coded, date_column, day_number
from keepwell.simulation.company import SEGMENTS, Company
from keepwell.simulation.renewals import LOST, UNDECIDED, Renewals, yearly_revenue

STAGES = ("onboarding", "live", "renewing", "churned")
_ONBOARDING_DAYS = 90
_RENEWING_DAYS = 90


def account_table(company: Company, accounts: Accounts, renewals: Renewals) -> pa.Table:
    """Columns account_id, changed_at, company, segment, industry, region, csm, parent_id, plan, seats, arr, stage,
    signed_on, renewal_date, churned_on; sorted by account and day; nothing that became known after the end."""
    place, changed_on, stage, rounds = _changes(company, accounts, renewals)
    parent = accounts.parent[place]
    seats = renewals.seats[rounds, place]
    left = stage == STAGES.index("churned")
    due_on = renewals.due_on[np.minimum(rounds, len(renewals.due_on) - 1), place]
    return pa.table(
        {
            "account_id": coded(place, accounts.ids),
            "changed_at": date_column(changed_on),
            "company": coded(place, account_names(company, accounts)),
            "segment": coded(accounts.segment[place], SEGMENTS),
            "industry": coded(accounts.industry[place], INDUSTRIES),
            "region": coded(accounts.region[place], REGIONS),
            "csm": coded(accounts.csm[place], csm_names(company)),
            "parent_id": coded(np.maximum(parent, 0), accounts.ids, parent < 0),
            "plan": coded(accounts.plan[place], PLANS),
            "seats": pa.array(seats),
            "arr": pa.array(yearly_revenue(accounts, renewals.seats)[rounds, place]),
            "stage": coded(stage, STAGES),
            "signed_on": date_column(accounts.signed_on[place]),
            "renewal_date": date_column(due_on, left),
            "churned_on": date_column(changed_on, ~left),
        }
    )


def _changes(company: Company, accounts: Accounts, renewals: Renewals) -> tuple[Indices, Ints, Ints, Indices]:
    """Who changed, when, to which stage, and how many renewals lay behind."""
    everyone = np.arange(len(accounts))
    steps: list[tuple[Ints, int, Flags, int]] = [
        (accounts.signed_on, 0, everyone >= 0, 0),
        ((accounts.signed_on + _ONBOARDING_DAYS).astype(np.int32), 1, everyone >= 0, 0),
    ]
    for number, (due_on, result) in enumerate(zip(renewals.due_on, renewals.result, strict=True)):
        there = renewals.churned_on >= due_on
        steps.append(((due_on - _RENEWING_DAYS).astype(np.int32), 2, there, number))
        steps.append((due_on, 1, there & (result != LOST) & (result != UNDECIDED), number + 1))
        steps.append((due_on, 3, result == LOST, number))
    place = np.concatenate([everyone[keep] for _, _, keep, _ in steps])
    day = np.concatenate([days[keep] for days, _, keep, _ in steps])
    stage = np.concatenate([np.full(keep.sum(), code, dtype=np.int32) for _, code, keep, _ in steps])
    rounds = np.concatenate([np.full(keep.sum(), number) for _, _, keep, number in steps])
    order = np.lexsort((day, place))
    order = order[day[order] <= day_number(company.end)]
    return place[order], day[order].astype(np.int32), stage[order], rounds[order]
