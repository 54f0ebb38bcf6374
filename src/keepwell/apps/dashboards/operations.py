"""What people change about dashboards beside their definitions."""

from __future__ import annotations

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.dashboards.catalogue import dashboard_for
from keepwell.apps.dashboards.models import Favourite


def mark_favourite(*, actor: Actor, key: str, is_favourite: bool) -> None:
    """For oneself: it is listed first. Raises NotVisible, Forbidden."""
    shown = dashboard_for(actor, key)
    if actor.user is None:
        raise NotVisible
    if is_favourite:
        Favourite.objects.get_or_create(user=actor.user, key=shown.key)
    else:
        Favourite.objects.filter(user=actor.user, key=shown.key).delete()
