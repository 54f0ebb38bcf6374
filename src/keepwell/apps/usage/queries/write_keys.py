"""Reads of write keys: what came with each, about, and when last."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.usage.models import Quarantined, WriteKey

DAYS = 30


def write_keys(actor: Actor) -> QuerySet[WriteKey]:
    """Every key, those that work first, with `last_seen`, and `accepted` and `refused` of the last 30 days.

    `waiting`: messages in quarantine.
    """
    require(actor, Permission.CONFIGURE)
    since = Q(receptions__day__gt=timezone.now().date() - timedelta(days=DAYS))
    held = Quarantined.objects.filter(key=OuterRef("pk"), replayed_at=None, discarded_at=None)
    counted = held.order_by().values("key").annotate(number=Count("pk")).values("number")
    return WriteKey.objects.annotate(
        last_seen=Max("receptions__last_at"),
        accepted=Coalesce(Sum("receptions__accepted", filter=since), 0),
        refused=Coalesce(Sum("receptions__refused", filter=since), 0),
        waiting=Coalesce(Subquery(counted), 0),
    ).order_by(F("revoked_at").desc(nulls_first=True), "name")


def write_key(actor: Actor, key_id: int) -> WriteKey:
    found = write_keys(actor).filter(pk=key_id).first()
    if found is None:
        raise NotVisible
    return found
