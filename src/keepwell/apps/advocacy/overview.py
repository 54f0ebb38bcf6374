"""The figures of advocacy: how many, how lately, and what came of it, of the accounts that somebody sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from keepwell.apps.access.actors import Actor
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.models import Activity, Advocate
from keepwell.apps.advocacy.queries import activities_seen, advocates_seen, done_of, waiting_requests, whose
from keepwell.apps.advocacy.words import AdvocateStatus, Result
from keepwell.apps.customers.models import Account
from keepwell.engine.advocacy.standing import Done, Quarter, Standing, deals, pipeline, standing, standings

QUARTERS = 8


@dataclass(frozen=True)
class Ranked:
    """Somebody with where they stand today."""

    advocate: Advocate
    name: str
    standing: Standing


@dataclass(frozen=True)
class Deal:
    """A deal that was influenced: by how many activities, of which accounts that the actor sees."""

    name: str
    key: str
    amount: float
    result: str
    first: date
    decided_on: date | None
    activities: int
    accounts: tuple[Account, ...]


@dataclass(frozen=True)
class Figures:
    """`year`: of the last 365 days; `before`: of the year before that."""

    advocates: int
    resting: int
    waiting: int
    year: Standing
    before: Standing


def figures(actor: Actor) -> Figures:
    day, found = today(), advocates_seen(actor)
    done = done_of(activities_seen(actor))
    return Figures(
        advocates=found.filter(status=AdvocateStatus.ACTIVE).count(),
        resting=found.filter(status=AdvocateStatus.RESTING).count(),
        waiting=waiting_requests(actor).count(),
        year=standing(_between(done, day - timedelta(days=364), day), day),
        before=standing(_between(done, day - timedelta(days=729), day - timedelta(days=365)), day),
    )


def _between(done: Sequence[Done], first: date, last: date) -> list[Done]:
    return [one for one in done if first <= one.day <= last]


def quarters(actor: Actor) -> list[Quarter]:
    """Influenced amounts by the quarter of a deal's first activity, the latest first."""
    return pipeline(done_of(activities_seen(actor)))[:QUARTERS]


def ranked(advocates: Sequence[Advocate]) -> list[Ranked]:
    """Advocates with their standing, those with the most points first."""
    accounts = {one.account_id for one in advocates}
    done = done_of(Activity.objects.filter(account_id__in=accounts, is_withdrawn=False))
    of_people = standings(done, today(), lambda one: one.person)
    of_accounts = standings(done, today(), lambda one: one.account if one.person is None else None)
    rows = [
        Ranked(one, whose(one), of_people.get(str(one.person_id), Standing()) if one.person_id
               else of_accounts.get(one.account_id, Standing()))
        for one in advocates
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.standing.points, row.name))


def influenced_deals(actor: Actor) -> list[Deal]:
    """Each deal once, those that are open first, then the latest."""
    found = {one.pk: one for one in activities_seen(actor).exclude(deal_key="")}
    groups: dict[str, list[Activity]] = {}
    for one in found.values():
        groups.setdefault(one.deal_key, []).append(one)
    rows = [_deal(found[first.id], groups[first.deal]) for first in deals(done_of(found.values()))]
    return sorted(rows, key=lambda one: (one.result != Result.OPEN, -one.first.toordinal(), one.key))


def _deal(first: Activity, every: Sequence[Activity]) -> Deal:
    accounts = {one.account_id: one.account for one in every}
    return Deal(first.deal, first.deal_key, first.amount or 0.0, first.result, first.happened_on, first.decided_on,
                len(every), tuple(sorted(accounts.values(), key=lambda one: one.name)))  # fmt: skip
