"""Erasure of a person in what came in: refused messages, messages that wait, and the ids that lead to their key."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from keepwell.apps.customers.forgetting import register_forgetter
from keepwell.apps.usage.models import Erased, InboxEntry, Quarantined, SourcePerson, Traits

_WHOSE = ("user", "anonymous", "previous")


def register() -> None:
    """Called when the application starts."""
    register_forgetter("events", forget)


def forget(key: UUID, addresses: Collection[str]) -> None:
    """What the lake holds by the key is counted on; nothing leads from it to anybody any more, and the drain empties
    what it says beyond that within a day.

    Ids go first: a drain that keeps traits makes sure of them before it takes its messages out of the inbox.
    """
    ids = set(SourcePerson.objects.filter(key=key).values_list("source_id", flat=True))
    named = ids | set(addresses)
    SourcePerson.objects.filter(key=key).delete()
    if named:
        mentioned = reduce(or_, (Q(message__contains=_as_json(one)) for one in named))
        Quarantined.objects.filter(mentioned).delete()
        for entry in _naming(named):
            _forget_in(entry, named)
    Traits.objects.filter(key=key).delete()
    Erased.objects.get_or_create(key=key)


def _naming(named: Collection[str]) -> QuerySet[InboxEntry]:
    """The requests that wait, or are in a batch, and hold one of the texts."""
    holds = " or ".join(["position(%s in body) > 0"] * len(named))
    written = [msgspec.json.encode(one)[1:-1] for one in sorted(named)]
    chosen = RawSQL(holds, written, BooleanField())
    return InboxEntry.objects.select_for_update().filter(chosen).order_by("pk")


def _forget_in(entry: InboxEntry, named: Collection[str]) -> None:
    messages: list[dict[str, Any]] = msgspec.json.decode(bytes(entry.body))
    kept = [one for one in messages if not any(one.get(field) in named for field in _WHOSE)]
    if len(kept) < len(messages):
        entry.body, entry.messages = msgspec.json.encode(kept), len(kept)
        entry.save(update_fields=["body", "messages"])


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
