"""Views that people keep under a name: of the customer list, and of lists of apps above."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import transaction

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.models import KeptView, SavedView
from keepwell.errors import FieldRefused

_LONGEST_NAME, _LONGEST_QUERY = 100, 2000
_Kept = TypeVar("_Kept", bound=KeptView)


def save_view(*, actor: Actor, name: str, query: str, shared: bool = False) -> SavedView:
    """Keeps the query of an address under a name; a view of that name of the actor's own is replaced."""
    return keep_view(SavedView, "view", actor, name, query, shared)


def delete_view(*, actor: Actor, view_id: int) -> SavedView:
    """One of the actor's own; of others it is not there."""
    return drop_view(SavedView, "view", actor, view_id)


@transaction.atomic
def keep_view(model: type[_Kept], kind: str, actor: Actor, name: str, query: str, shared: bool) -> _Kept:
    """`kind`: what the audit calls it."""
    require(actor, Permission.VIEW)
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME:
        raise FieldRefused("name", f"a view has a name of at most {_LONGEST_NAME} characters")
    if not query.startswith("?") or len(query) > _LONGEST_QUERY:
        raise FieldRefused(
            "query", "a view is the part of an address from its question mark on, up to 2,000 characters"
        )
    if actor.user is None:
        raise FieldRefused("name", "a view belongs to somebody who signs in")
    view, _ = _of(model).update_or_create(owner=actor.user, name=name, defaults={"query": query, "shared": shared})
    record(actor, "saved", kind=kind, of=view.pk, name=name, after={"query": query, "shared": shared})
    return view


@transaction.atomic
def drop_view(model: type[_Kept], kind: str, actor: Actor, view_id: int) -> _Kept:
    require(actor, Permission.VIEW)
    found: _Kept | None = _of(model).filter(pk=view_id, owner=actor.user).first()
    if found is None:
        raise NotVisible
    record(actor, "deleted", kind=kind, of=found.pk, name=found.name, before={"query": found.query})
    found.delete()
    return found


def _of(model: type[KeptView]) -> Any:
    return model._default_manager
