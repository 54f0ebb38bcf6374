"""Milestones of the stages that accounts are in: kept with their day, told once when they are overdue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import Min

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.ledgers import MILESTONES
from keepwell.apps.rules.lifecycle.logging import log_milestones
from keepwell.apps.rules.models import Milestone
from keepwell.apps.rules.occasions import note_occasions
from keepwell.definitions.project import Project
from keepwell.engine.rules.stages import milestones


@transaction.atomic
def look(project: Project, table: pa.Table, as_of: date) -> int:
    """Renews the milestones of the accounts of the table; returns how many became overdue and were told."""
    if not project.stages or not {"stage", "stage_since"} <= set(table.column_names):
        return 0
    accounts = table["account_id"].to_pylist()
    since = dict(zip(accounts, table["stage_since"].to_pylist(), strict=True))
    found = milestones(project, table, as_of, _reached(accounts)).to_pylist()
    _keep([one for one in found if since[one["account_id"]] is not None], since, as_of)
    _leave(table, accounts, as_of)
    log_milestones(project, accounts, as_of)
    return _tell_overdue(accounts, as_of)


def _reached(accounts: Collection[str]) -> pa.Table:
    rows = Milestone.objects.filter(account_id__in=accounts, left_on=None).exclude(reached_on=None)
    columns = list(zip(*rows.values_list("account_id", "stage", "name"), strict=True)) or [(), (), ()]
    names = ("account_id", "stage", "milestone")
    return pa.table({name: pa.array(list(one), pa.string()) for name, one in zip(names, columns, strict=True)})


def _keep(found: list[dict[str, Any]], since: Mapping[str, date], as_of: date) -> None:
    known = Milestone.objects.filter(account_id__in=since, left_on=None)
    kept = set(known.values_list("account_id", "stage", "name", "entered_on"))
    new = [one for one in found if (*_key(one), since[one["account_id"]]) not in kept]
    Milestone.objects.bulk_create(
        (
            Milestone(account_id=one["account_id"], stage=one["stage"], name=one["milestone"], due_on=one["due_on"],
                      entered_on=since[one["account_id"]], reached_on=as_of if one["reached"] else None)
            for one in new
        ),
        batch_size=1000, ignore_conflicts=True,
    )  # fmt: skip
    reached = {_key(one) for one in found if one["reached"]}
    waiting = Milestone.objects.filter(account_id__in=since, left_on=None, reached_on=None)
    now = [one for one in waiting if (one.account_id, one.stage, one.name) in reached]
    Milestone.objects.filter(pk__in=[one.pk for one in now]).update(reached_on=as_of)
    facts_came([*(one["account_id"] for one in new), *(one.account_id for one in now)], ledger=MILESTONES)


def _key(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return one["account_id"], one["stage"], one["milestone"]


def _leave(table: pa.Table, accounts: Collection[str], as_of: date) -> None:
    """What belongs to a stage that the account is no longer in, or to an earlier stay in it, is over."""
    stays = dict(
        zip(accounts, zip(table["stage"].to_pylist(), table["stage_since"].to_pylist(), strict=True), strict=True)
    )
    open_ones = Milestone.objects.filter(account_id__in=accounts, left_on=None)
    over = [one for one in open_ones if (one.stage, one.entered_on) != stays[one.account_id]]
    Milestone.objects.filter(pk__in=[one.pk for one in over]).update(left_on=as_of)
    facts_came([one.account_id for one in over], ledger=MILESTONES)


def _tell_overdue(accounts: Collection[str], as_of: date) -> int:
    late = Milestone.objects.filter(account_id__in=accounts, left_on=None, reached_on=None, due_on__lt=as_of)
    return note_occasions("milestone_overdue", [(one.name, one.account_id, str(one.pk)) for one in late])


def overdue_days(accounts: Collection[str] | None) -> Mapping[str, float]:
    """By how many days the latest milestone of each account is overdue; those with none are left out."""
    run, project = latest_run(), current_project()
    if run is None or project is None or not project.stages:
        return {}
    late = Milestone.objects.filter(left_on=None, reached_on=None, due_on__lt=run.as_of)
    if accounts is not None:
        late = late.filter(account_id__in=accounts)
    first = late.values_list("account_id").annotate(due_on=Min("due_on"))
    return {account: float((run.as_of - due_on).days) for account, due_on in first}


def overdue_days_then(day: date) -> Mapping[str, float]:
    """The same as it was at the end of a day: what was reached or left later was overdue then."""
    there = Milestone.objects.filter(entered_on__lte=day, due_on__lt=day)
    late = there.exclude(reached_on__lte=day).exclude(left_on__lte=day)
    first = late.values_list("account_id").annotate(due_on=Min("due_on"))
    return {account: float((day - due_on).days) for account, due_on in first}
