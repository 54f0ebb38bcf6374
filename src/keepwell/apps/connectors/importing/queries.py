"""Reads of imports. Who does not see all accounts sees the imports that they brought themselves."""

from __future__ import annotations

from django.db.models import QuerySet

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.roles import Reach
from keepwell.apps.connectors.importing.models import Import


def imports_of(actor: Actor) -> QuerySet[Import]:
    """Newest first."""
    user = actor.user
    found = Import.objects.select_related("user").order_by("-pk")
    return found if user is None or user.reach == Reach.ALL else found.filter(user=user)


def import_for(actor: Actor, import_id: int) -> Import:
    """Raises NotVisible."""
    found = imports_of(actor).filter(pk=import_id).first()
    if found is None:
        raise NotVisible
    return found
