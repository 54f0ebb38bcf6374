"""What was told long ago is forgotten; what still waits, or was given up and nobody looked after, is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from keepwell.apps.notices.models import Delivery, DeliveryStatus, MailedAlert

SENT_KEPT = timedelta(days=30)
DEAD_KEPT = timedelta(days=90)
MAILED_KEPT = timedelta(days=180)


def forget_old(now: datetime | None = None) -> int:
    """Returns how many rows went."""
    moment = now or timezone.now()
    old = (
        Delivery.objects.filter(status=DeliveryStatus.SENT, ended_at__lt=moment - SENT_KEPT),
        Delivery.objects.filter(status=DeliveryStatus.DEAD, ended_at__lt=moment - DEAD_KEPT),
        MailedAlert.objects.filter(ended_at__lt=moment - MAILED_KEPT),
    )
    return sum(found.delete()[0] for found in old)
