"""Refused messages: sent through again, or put away for good. Either way the text itself is not kept longer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.usage.ingestion.replaying import replayed
from keepwell.apps.usage.ingestion.wire import write
from keepwell.apps.usage.models import InboxEntry, Quarantined, WriteKey
from keepwell.apps.usage.queries.quarantine import Sought, sought_of, waiting

AT_ONCE = 1000
"""Messages that one call works on."""


@dataclass(frozen=True)
class Replayed:
    """How many are in the inbox now, how many were refused again, and how many are left of what was asked for."""

    accepted: int
    refused: int
    left: int = 0


@transaction.atomic
def replay(*, actor: Actor, message_id: int) -> Replayed:
    """One message, as if it came now. Refused again it stays, with what is wrong with it today."""
    require(actor, Permission.ADMINISTER)
    done = _replay(_locked(waiting().filter(pk=message_id), needed=True))
    record(actor, "replayed", kind="quarantine", of=message_id, name="", after=_told(done))
    return done


@transaction.atomic
def replay_all(*, actor: Actor, sought: Sought) -> Replayed:
    """The oldest thousand of what is sought."""
    require(actor, Permission.ADMINISTER)
    chosen = sought_of(sought)
    found = _locked(chosen.order_by("pk")[:AT_ONCE])
    done = _replay(found)
    left = chosen.count() - done.refused
    if found:
        record(actor, "replayed", kind="quarantine", of="", name=str(sought), after=_told(done))
    return Replayed(done.accepted, done.refused, max(left, 0))


@transaction.atomic
def discard(*, actor: Actor, message_id: int) -> None:
    """It is not sent through any more, and nobody can look at it."""
    require(actor, Permission.ADMINISTER)
    _put_away([one.pk for one in _locked(waiting().filter(pk=message_id), needed=True)])
    record(actor, "discarded", kind="quarantine", of=message_id, name="", after={"messages": 1})


@transaction.atomic
def discard_all(*, actor: Actor, sought: Sought) -> int:
    """All of what is sought; says how many."""
    require(actor, Permission.ADMINISTER)
    found = list(sought_of(sought).select_for_update().values_list("pk", flat=True))
    _put_away(found)
    if found:
        record(actor, "discarded", kind="quarantine", of="", name=str(sought), after={"messages": len(found)})
    return len(found)


def _put_away(ids: Collection[int]) -> None:
    Quarantined.objects.filter(pk__in=ids).update(discarded_at=timezone.now(), message="")


def _locked(chosen: QuerySet[Quarantined], *, needed: bool = False) -> list[Quarantined]:
    found = list(chosen.select_for_update(of=("self",)).select_related("key"))
    if needed and not found:
        raise NotVisible
    return found


def _replay(messages: Collection[Quarantined]) -> Replayed:
    accepted = 0
    for key in {one.key_id: one.key for one in messages}.values():
        accepted += _replay_of(key, [one for one in messages if one.key_id == key.pk])
    return Replayed(accepted, len(messages) - accepted)


def _replay_of(key: WriteKey, messages: Collection[Quarantined]) -> int:
    now = timezone.now()
    stored, good = [], []
    for one in messages:
        found = replayed(one.message, frozenset(key.properties), one.received_at, now)
        if found.stored:
            stored += found.stored
            good.append(one.pk)
        else:
            one.reason, one.words = found.refused[0].reason, found.refused[0].words
            one.save(update_fields=["reason", "words"])
    if stored:
        InboxEntry.objects.create(key=key, received_at=now, messages=len(stored), body=write(stored))
        Quarantined.objects.filter(pk__in=good).update(replayed_at=now, message="")
    return len(good)


def _told(done: Replayed) -> dict[str, object]:
    return {"accepted": done.accepted, "refused": done.refused}
