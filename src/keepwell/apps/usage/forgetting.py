"""Erasure of a person in what came in: refused messages, messages that wait, and the ids that lead to their key."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from keepwell.apps.customers.forgetting import register_forgetter
from keepwell.apps.usage.models import InboxEntry, Quarantined, SourcePerson, Traits

_WHOSE = ("user", "anonymous", "previous")


def register() -> None:
    """Called when the application starts."""
    register_forgetter("events", forget)


def forget(key: UUID, addresses: Collection[str]) -> None:
    """What the lake holds by the key is counted on; nothing leads from it to anybody any more."""
    ids = set(SourcePerson.objects.filter(key=key).values_list("source_id", flat=True))
    named = ids | set(addresses)
    if named:
        mentioned = reduce(or_, (Q(message__contains=_as_json(one)) for one in named))
        Quarantined.objects.filter(mentioned).delete()
        for entry in InboxEntry.objects.select_for_update().filter(batch=None):
            _forget_in(entry, named)
    SourcePerson.objects.filter(key=key).delete()
    Traits.objects.filter(key=key).delete()


def _forget_in(entry: InboxEntry, named: Collection[str]) -> None:
    body = bytes(entry.body)
    if not any(one.encode() in body for one in named):
        return
    messages: list[dict[str, Any]] = msgspec.json.decode(body)
    kept = [one for one in messages if not any(one.get(field) in named for field in _WHOSE)]
    if len(kept) < len(messages):
        entry.body, entry.messages = msgspec.json.encode(kept), len(kept)
        entry.save(update_fields=["body", "messages"])


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
