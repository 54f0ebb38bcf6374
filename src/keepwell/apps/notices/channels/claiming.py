"""Which message is sent next: the oldest of each channel that has none under way and does not rest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from keepwell.apps.notices.models import Delivery, DeliveryStatus

LEASE = timedelta(minutes=2)


def claimed(places: int, busy: Collection[int]) -> list[Delivery]:
    """As many as there are places for, each claimed for this worker alone. `busy`: channels that are left out."""
    if places <= 0:
        return []
    now = timezone.now()
    rested = Q(channel__rests_until=None) | Q(channel__rests_until__lte=now)
    due = Delivery.objects.filter(rested, status=DeliveryStatus.WAITING, due_at__lte=now, channel__active=True)
    oldest = due.exclude(channel__in=busy).order_by("channel_id", "due_at", "pk").distinct("channel_id")
    found = Delivery.objects.filter(pk__in=oldest.values("pk")).select_related("channel").order_by("due_at", "pk")
    return [one for one in found[:places] if _claim(one, now)]


def _claim(one: Delivery, now: datetime) -> bool:
    """Compare and set: a worker that dies leaves it to be tried again after the lease."""
    mine = Delivery.objects.filter(pk=one.pk, due_at=one.due_at, status=DeliveryStatus.WAITING)
    taken = mine.update(due_at=now + LEASE, attempts=F("attempts") + 1, tried_at=now) == 1
    one.attempts += int(taken)
    return taken
