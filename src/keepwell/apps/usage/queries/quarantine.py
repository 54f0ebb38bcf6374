"""Reads of the quarantine: what was refused and waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.usage.models import Quarantined


@dataclass(frozen=True)
class Sought:
    """Which messages; empty means all."""

    reason: str = ""
    key_id: int | None = None

    def __str__(self) -> str:
        return self.reason or "all"


@dataclass(frozen=True)
class Counted:
    """Messages of one key that were refused for one reason."""

    reason: str
    key_id: int
    key_name: str
    messages: int
    last_at: object


def waiting() -> QuerySet[Quarantined]:
    """What is neither replayed nor discarded."""
    return Quarantined.objects.filter(replayed_at=None, discarded_at=None)


def sought_of(sought: Sought) -> QuerySet[Quarantined]:
    found = waiting()
    if sought.reason:
        found = found.filter(reason=sought.reason)
    return found if sought.key_id is None else found.filter(key_id=sought.key_id)


def quarantined(actor: Actor, sought: Sought) -> QuerySet[Quarantined]:
    """Newest first, without the texts: those tell of people."""
    require(actor, Permission.CONFIGURE)
    return sought_of(sought).select_related("key").defer("message").order_by("-pk")


def counts(actor: Actor) -> list[Counted]:
    """By reason and key, the most first."""
    require(actor, Permission.CONFIGURE)
    grouped = (
        waiting().values("reason", "key_id", "key__name").annotate(messages=Count("pk"), last_at=Max("received_at"))
    )
    return [Counted(one["reason"], one["key_id"], one["key__name"], one["messages"], one["last_at"])
            for one in grouped.order_by("-messages", "reason", "key__name")]  # fmt: skip


def message(actor: Actor, message_id: int) -> Quarantined:
    """One message with its text, for those who administer."""
    require(actor, Permission.ADMINISTER)
    found = waiting().select_related("key").filter(pk=message_id).first()
    if found is None:
        raise NotVisible
    return found
