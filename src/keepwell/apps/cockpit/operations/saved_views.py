"""Views of the cockpit that people keep under a name."""

from __future__ import annotations

from keepwell.apps.access.actors import Actor
from keepwell.apps.cockpit.models import CallView
from keepwell.apps.customers.operations.saved_views import drop_view, keep_view

_KIND = "view of calls"


def save_call_view(*, actor: Actor, name: str, query: str, shared: bool = False) -> CallView:
    """As `save_view` does."""
    return keep_view(CallView, _KIND, actor, name, query, shared)


def delete_call_view(*, actor: Actor, view_id: int) -> CallView:
    """One of the actor's own; of others it is not there."""
    return drop_view(CallView, _KIND, actor, view_id)
