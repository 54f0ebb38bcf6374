"""What changes of many things share, accounts and calls alike: what may be chosen, and the one undo of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.models import ChangeOfMany
from keepwell.errors import FieldRefused

_Id = TypeVar("_Id")
_Change = TypeVar("_Change", bound=ChangeOfMany)


def chosen(actor: Actor, noun: str, ids: Iterable[_Id], most: int, action: str, actions: Collection[str]) -> list[_Id]:
    """Each once. Raises FieldRefused for none, too many, or an action that is not known; `noun`: account, or call."""
    require(actor, Permission.BULK)
    found = list(dict.fromkeys(ids))
    if not found:
        raise FieldRefused(noun, f"choose at least one {noun}")
    if len(found) > most:
        raise FieldRefused(noun, f"at most {most:,} {noun}s at once; narrow the filters")
    if action not in actions:
        raise FieldRefused("action", f"choose one of {', '.join(actions)}")
    return found


def held_for_undo(model: type[_Change], actor: Actor, bulk_id: int) -> _Change:
    """The actor's own change, which was not undone yet. Raises NotVisible for another's or none."""
    require(actor, Permission.BULK)
    rows: Any = model._default_manager
    found: _Change | None = rows.select_for_update().filter(pk=bulk_id, user=actor.user).first()
    if found is None:
        raise NotVisible
    if found.undone_at is not None:
        raise FieldRefused("action", "this change was undone already")
    return found


def note_undone(actor: Actor, found: ChangeOfMany, noun: str, done: int) -> None:
    """`done`: how many were put back."""
    found.undone_at = timezone.now()
    found.save(update_fields=["undone_at"])
    record(actor, "undid", kind="change of many", of=found.pk, name=f"{found.action} {found.value}",
           before={f"{noun}s": len(found.before)}, after={"put back": done})  # fmt: skip
