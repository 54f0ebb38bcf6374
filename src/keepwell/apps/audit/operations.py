"""Notes a change in the transaction that makes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    assert connection.in_atomic_block, "a change and its audit belong to one transaction"
    old, new = _plain(before or {}), _plain(after or {})
    same = {field for field in old.keys() & new.keys() if old[field] == new[field]}
    Change.objects.create(
        user=actor.user,
        actor=actor.name,
        origin=actor.origin,
        action=action,
        object_kind=kind,
        object_id=str(of),
        object_name=name[:200],
        account_id=account_id,
        before={field: value for field, value in old.items() if field not in same},
        after={field: value for field, value in new.items() if field not in same},
    )


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(fields), cls=DjangoJSONEncoder))
    return plain
