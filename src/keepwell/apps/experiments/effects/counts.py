"""What was done so far, counted in the database: what the page of effects offers to be asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet

from keepwell.apps.advocacy.models import Activity
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.experiments.effects.ledger import started_by
from keepwell.apps.rules.models import Treatment
from keepwell.apps.surveys.models import Invitation
from keepwell.definitions.project import Project
from keepwell.learning.effects.estimate import FEWEST

KINDS = {"rule": "Rule", "playbook": "Playbook", "call": "Call to action", "survey": "Survey", "advocacy": "Advocacy"}


@dataclass(frozen=True)
class Done:
    """One treatment: accounts that got it and that were held out of it."""

    by: str
    treated: int
    held_out: int
    first: date
    last: date

    @property
    def is_enough(self) -> bool:
        return self.treated >= FEWEST

    @property
    def name(self) -> str:
        return said(self.by)


def done(project: Project) -> list[Done]:
    """What was done by this installation, the most often done first."""
    found = {one.by: one for one in _counted(ZoneInfo(project.settings.time_zone))}
    return sorted(_held_out_too(found, project).values(), key=lambda one: (-one.treated, one.by))


def names(project: Project) -> list[str]:
    """Every treatment of this installation, in order."""
    return sorted(one.by for one in done(project))


def said(by: str) -> str:
    """playbook:save_plan as: Playbook save plan."""
    kind, _, name = by.partition(":")
    if not name:
        return by.replace("_", " ").capitalize()
    return f"{KINDS.get(kind, kind.replace('_', ' ').capitalize())} {name.replace('_', ' ')}"


def _counted(zone: ZoneInfo) -> Iterator[Done]:
    held = {row["by"]: row for row in _groups(Treatment.objects.filter(is_held_out=True), "by", "occurred_at")}
    treated = {row["by"]: row for row in _groups(Treatment.objects.filter(is_held_out=False), "by", "occurred_at")}
    for by in held | treated:
        rows = [rows[by] for rows in (treated, held) if by in rows]
        first, last = min(row["first"] for row in rows), max(row["last"] for row in rows)
        got, waited = (rows[by]["accounts"] if by in rows else 0 for rows in (treated, held))
        yield Done(by, got, waited, _day(first, zone), _day(last, zone))
    asked = Invitation.objects.filter(account__isnull=False, withdrawn_at=None)
    others = (
        ("call", CallToAction.objects.all(), "type", "opened_at"),
        ("survey", asked, "survey", "asked_at"),
        ("advocacy", Activity.objects.filter(is_withdrawn=False), "kind", "happened_on"),
    )
    for kind, rows_of, field, at in others:
        for row in _groups(rows_of, field, at):
            by = f"{kind}:{row[field]}"
            yield Done(by, row["accounts"], 0, _day(row["first"], zone), _day(row["last"], zone))


def _groups(rows: QuerySet[Any], field: str, at: str) -> QuerySet[Any, dict[str, Any]]:
    """Accounts, first and last of each."""
    found = rows.order_by().values(field)
    return found.annotate(accounts=Count("account", distinct=True), first=Min(at), last=Max(at))


def _held_out_too(found: Mapping[str, Done], project: Project) -> dict[str, Done]:
    """Whom a rule held out it held out of what it starts too, each account once whatever held it out."""
    every, held = dict(found), Treatment.objects.filter(is_held_out=True).order_by()
    out: dict[str, Q] = {}
    for (rule, version), starts in started_by(project).items():
        if held.filter(by=rule, version=version).exists():
            for by in starts:
                every.setdefault(by, replace(found[rule], by=by))
                out[by] = out.get(by, Q(by=by)) | Q(by=rule, version=version)
    counts = {by: held.filter(rows).values("account").distinct().count() for by, rows in out.items()}
    return every | {by: replace(every[by], held_out=count) for by, count in counts.items()}


def _day(at: date | datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date() if isinstance(at, datetime) else at
