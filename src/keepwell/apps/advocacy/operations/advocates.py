"""Who is an advocate, and what they are ready to do."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.access.roles import Permission
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.kinds import every_kind
from keepwell.apps.advocacy.models import Advocate
from keepwell.apps.advocacy.queries import ADVOCATE, advocate_for, name_of, whom
from keepwell.apps.advocacy.telling import count_activities
from keepwell.apps.advocacy.words import AdvocateStatus
from keepwell.apps.audit.operations import record
from keepwell.definitions.names import unknown
from keepwell.errors import FieldRefused

_MOST = 30


@dataclass(frozen=True)
class Profile:
    """What is known of an advocate. `at_most`: requests in a quarter that they wish for, None: no wish of their own."""

    status: str = AdvocateStatus.ACTIVE
    since: date | None = None
    resting_until: date | None = None
    willing: Sequence[str] = ()
    topics: Sequence[str] = ()
    languages: Sequence[str] = ()
    tags: Sequence[str] = ()
    at_most: int | None = None
    note: str = ""


@transaction.atomic
def make_advocate(
    *, actor: Actor, account_id: str, person: uuid.UUID | None = None, profile: Profile = Profile()
) -> Advocate:
    """A person, or a whole account. Raises NotVisible, Forbidden, FieldRefused."""
    account, found = whom(actor, account_id, person)
    require(actor, Permission.WRITE)
    hold(Lock.ADVOCACY, of=account.pk)
    if Advocate.objects.filter(account=account, person=found).exists():
        named = name_of(found) if found else account.name
        raise FieldRefused("person", f"{named} is an advocate already; change what is known instead")
    advocate = Advocate(account=account, person=found, made_by=actor.name)
    _put(advocate, profile)
    advocate.save()
    _note(actor, advocate, "made")
    count_activities(account.pk)
    return advocate


@transaction.atomic
def change_advocate(*, actor: Actor, advocate_id: int, profile: Profile) -> Advocate:
    """What is known of them, all of it."""
    require(actor, Permission.WRITE)
    advocate = _held(actor, advocate_id)
    before = _said(advocate)
    _put(advocate, profile)
    advocate.save()
    _note(actor, advocate, "changed", before)
    return advocate


@transaction.atomic
def set_status(*, actor: Actor, advocate_id: int, status: str, until: date | None = None) -> Advocate:
    """Active, resting (through a day), or declined: they do not want to be asked."""
    require(actor, Permission.WRITE)
    advocate = _held(actor, advocate_id)
    before = _said(advocate)
    _put_status(advocate, status, until)
    advocate.save()
    _note(actor, advocate, "set status of", before)
    return advocate


@transaction.atomic
def end_advocate(*, actor: Actor, advocate_id: int) -> None:
    """They are no advocate any more; what they did stays."""
    require(actor, Permission.WRITE)
    advocate = _held(actor, advocate_id)
    _note(actor, advocate, "removed", _said(advocate), gone=True)
    advocate.delete()


def _held(actor: Actor, advocate_id: int) -> Advocate:
    advocate_for(actor, advocate_id)
    return Advocate.objects.select_for_update(of=("self",)).select_related("account", "person").get(pk=advocate_id)


def _put(advocate: Advocate, profile: Profile) -> None:
    _put_status(advocate, profile.status, profile.resting_until)
    advocate.since = profile.since or advocate.since or today()
    if advocate.since > today():
        raise FieldRefused("since", f"{advocate.since} has not come yet; choose {today()} or an earlier day")
    known = every_kind()
    for name in profile.willing:
        if name not in known:
            raise FieldRefused("willing", unknown("kind of activity", name, known))
    if profile.at_most is not None and not 1 <= profile.at_most <= 100:
        raise FieldRefused("at_most", "a wish is a whole number from 1 to 100, or nothing")
    advocate.willing, advocate.at_most = list(dict.fromkeys(profile.willing)), profile.at_most
    for field in ("topics", "languages", "tags"):
        setattr(advocate, field, _words(field, getattr(profile, field)))
    advocate.note = profile.note.strip()[:5000]


def _put_status(advocate: Advocate, status: str, until: date | None) -> None:
    if status not in AdvocateStatus.values:
        raise FieldRefused("status", f"choose one of {', '.join(AdvocateStatus.values)}")
    if until is not None and status != AdvocateStatus.RESTING:
        raise FieldRefused("resting_until", "only somebody who is resting rests until a day")
    advocate.status, advocate.resting_until = status, until


def _words(field: str, words: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(found) > _MOST or any(len(word) > 60 for word in found):
        raise FieldRefused(field, f"at most {_MOST} words, each of at most 60 characters")
    return found


def _said(advocate: Advocate) -> dict[str, Any]:
    fields = ("status", "since", "resting_until", "willing", "topics", "languages", "tags", "at_most")
    return {name: getattr(advocate, name) for name in fields}


def _note(
    actor: Actor, advocate: Advocate, action: str, before: dict[str, Any] | None = None, *, gone: bool = False
) -> None:
    """By the key of the person: no name comes into the audit."""
    record(
        actor, action, kind=ADVOCATE, of=advocate.pk, name=str(advocate.person_id or advocate.account.name),
        account_id=advocate.account_id, before=before, after={} if gone else _said(advocate),
    )  # fmt: skip
