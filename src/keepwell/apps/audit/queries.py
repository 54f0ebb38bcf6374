"""Reads of the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.models import Change


@dataclass(frozen=True)
class Sought:
    """What an audit is searched for; empty means all. `first` and `last` are days in UTC, both included."""

    person: int | None = None
    kind: str = ""
    account: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Difference:
    """One field of a change; None where the field was not there."""

    field: str
    before: Any
    after: Any


def all_changes(actor: Actor) -> QuerySet[Change]:
    """Everything that was done, newest first, for those who administer."""
    require(actor, Permission.ADMINISTER)
    return Change.objects.order_by("-at", "-pk")


def changes(actor: Actor, sought: Sought) -> QuerySet[Change]:
    """The changes that are sought, newest first, for those who administer."""
    found = all_changes(actor)
    if sought.person is not None:
        found = found.filter(user_id=sought.person)
    if sought.kind:
        found = found.filter(object_kind=sought.kind)
    if sought.account:
        found = found.filter(account_id=sought.account)
    if sought.first:
        found = found.filter(at__gte=_midnight(sought.first))
    if sought.last:
        found = found.filter(at__lt=_midnight(sought.last + timedelta(days=1)))
    return found


def after(found: QuerySet[Change], key: str) -> QuerySet[Change]:
    """The changes that come after the one of this `key_of`; all of them where the key says nothing."""
    at, _, pk = key.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        return found.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=int(pk)))
    except ValueError:
        return found


def key_of(change: Change) -> str:
    """Where a page ended."""
    return f"{change.at.isoformat()}_{change.pk}"


def kinds(actor: Actor) -> list[str]:
    """The kinds of things that were ever changed."""
    require(actor, Permission.ADMINISTER)
    return list(Change.objects.order_by("object_kind").values_list("object_kind", flat=True).distinct())


def changes_of_account(account_id: str) -> QuerySet[Change]:
    """What was done to one account, newest first; whether the actor sees the account was asked before."""
    return Change.objects.filter(account_id=account_id).order_by("-at", "-pk")


def differences(change: Change) -> Iterator[Difference]:
    """Field by field, in the order of their names."""
    for field in sorted(change.before.keys() | change.after.keys()):
        yield Difference(field, change.before.get(field), change.after.get(field))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
