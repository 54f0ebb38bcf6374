"""What was told long ago is forgotten; what still waits to go out is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from keepwell.apps.notices.models import Delivery, DeliveryStatus, Mail, MailedAlert, Notice

SENT_KEPT = timedelta(days=30)
DEAD_KEPT = timedelta(days=90)
MAILED_KEPT = timedelta(days=180)


def forget_old(now: datetime | None = None) -> int:
    """Returns how many rows went."""
    moment = now or timezone.now()
    old = (
        Delivery.objects.filter(status=DeliveryStatus.SENT, ended_at__lt=moment - SENT_KEPT),
        Delivery.objects.filter(status=DeliveryStatus.DEAD, ended_at__lt=moment - DEAD_KEPT),
        Mail.objects.exclude(composer="").filter(sent_at__lt=moment - SENT_KEPT),
        Mail.objects.exclude(composer="").filter(withdrawn_at__lt=moment - SENT_KEPT),
        Mail.objects.exclude(composer="").filter(failed_at__lt=moment - DEAD_KEPT),
        MailedAlert.objects.filter(ended_at__lt=moment - MAILED_KEPT),
        _notices(moment),
    )
    return sum(found.delete()[0] for found in old)


def _notices(moment: datetime) -> QuerySet[Notice]:
    """Read or not: whoever did not look for so long looks for something newer."""
    days = settings.ENVIRONMENT.keep_notices
    return Notice.objects.none() if days is None else Notice.objects.filter(at__lt=moment - timedelta(days=days))
