"""Notes a change in the transaction that makes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from keepwell.apps.access.actors import Actor
from keepwell.apps.audit.models import Change


def record(
    actor: Actor,
    action: str,
    *,
    kind: str,
    of: object,
    name: str,
    account_id: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Who did what to which thing: `of` is its id. Only fields that differ are kept. Must run inside a transaction."""
    _change(actor, Noted(action, kind, of, name, account_id, before or {}, after or {})).save(force_insert=True)


@dataclass(frozen=True)
class Noted:
    """One change of many, with the words of `record`."""

    action: str
    kind: str
    of: object
    name: str
    account_id: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def record_all(actor: Actor, notes: Iterable[Noted]) -> None:
    """The same for many changes in few statements."""
    Change.objects.bulk_create((_change(actor, one) for one in notes), batch_size=1000)


def _change(actor: Actor, noted: Noted) -> Change:
    assert connection.in_atomic_block, "a change and its audit belong to one transaction"
    old, new = _plain(noted.before), _plain(noted.after)
    same = {name for name in old.keys() & new.keys() if old[name] == new[name]}
    return Change(
        user=actor.user,
        actor=actor.name,
        origin=actor.origin,
        action=noted.action,
        object_kind=noted.kind,
        object_id=str(noted.of),
        object_name=noted.name[:200],
        account_id=noted.account_id,
        before={name: value for name, value in old.items() if name not in same},
        after={name: value for name, value in new.items() if name not in same},
    )


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(fields), cls=DjangoJSONEncoder))
    return plain
