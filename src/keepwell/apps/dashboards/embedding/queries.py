"""Reads of links: they are for who made them, and who administers."""

from __future__ import annotations

from django.db.models import QuerySet

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.roles import Permission
from keepwell.apps.dashboards.embedding.models import Embed


def embeds_of(actor: Actor) -> QuerySet[Embed]:
    """The newest first."""
    found = Embed.objects.select_related("owner")
    return found if actor.may(Permission.ADMINISTER) else found.filter(owner=actor.user)


def embed_for(actor: Actor, embed_id: int) -> Embed:
    """Raises NotVisible."""
    found = embeds_of(actor).filter(pk=embed_id).first()
    if found is None:
        raise NotVisible
    return found
