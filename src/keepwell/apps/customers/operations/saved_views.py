"""Views of the customer list that people keep under a name."""

from __future__ import annotations

from django.db import transaction

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.models import SavedView
from keepwell.errors import FieldRefused

_LONGEST_NAME, _LONGEST_QUERY = 100, 2000


@transaction.atomic
def save_view(*, actor: Actor, name: str, query: str, shared: bool = False) -> SavedView:
    """Keeps the query of an address under a name; a view of that name of the actor's own is replaced."""
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
    view, _ = SavedView.objects.update_or_create(
        owner=actor.user, name=name, defaults={"query": query, "shared": shared}
    )
    record(actor, "saved", kind="view", of=view.pk, name=name, after={"query": query, "shared": shared})
    return view


@transaction.atomic
def delete_view(*, actor: Actor, view_id: int) -> SavedView:
    """One of the actor's own; of others it is not there."""
    require(actor, Permission.VIEW)
    found = SavedView.objects.filter(pk=view_id, owner=actor.user).first()
    if found is None:
        raise NotVisible
    record(actor, "deleted", kind="view", of=found.pk, name=found.name, before={"query": found.query})
    found.delete()
    return found
