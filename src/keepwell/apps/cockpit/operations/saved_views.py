"""Views of the cockpit that people keep under a name."""

from __future__ import annotations

from django.db import transaction

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.models import CallView
from keepwell.errors import FieldRefused

_KIND = "view of calls"


@transaction.atomic
def save_call_view(*, actor: Actor, name: str, query: str, shared: bool = False) -> CallView:
    """Keeps the query of an address under a name; a view of that name of the actor's own is replaced."""
    require(actor, Permission.VIEW)
    name = name.strip()
    if not name or len(name) > 100:
        raise FieldRefused("name", "a view has a name of at most 100 characters")
    if not query.startswith("?") or len(query) > 2000:
        raise FieldRefused(
            "query", "a view is the part of an address from its question mark on, up to 2,000 characters"
        )
    if actor.user is None:
        raise FieldRefused("name", "a view belongs to somebody who signs in")
    view, _ = CallView.objects.update_or_create(
        owner=actor.user, name=name, defaults={"query": query, "shared": shared}
    )
    record(actor, "saved", kind=_KIND, of=view.pk, name=name, after={"query": query, "shared": shared})
    return view


@transaction.atomic
def delete_call_view(*, actor: Actor, view_id: int) -> None:
    """One of the actor's own; of others it is not there."""
    require(actor, Permission.VIEW)
    found = CallView.objects.filter(pk=view_id, owner=actor.user).first()
    if found is None:
        raise NotVisible
    record(actor, "deleted", kind=_KIND, of=found.pk, name=found.name, before={"query": found.query})
    found.delete()
