"""Reads of notices and of the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from keepwell.apps.access.models import User
from keepwell.apps.access.prepared import prepared_cursor
from keepwell.apps.notices.models import Mail, Notice

UNREAD = f"select count(*) from {Notice._meta.db_table} where user_id = %(user)s and read_at is null"
"""SQL of the number in the bell, for a page that asks for more at the same time."""


@dataclass(frozen=True)
class Outbox:
    """How many messages wait, and how many were given up."""

    waiting: int
    failed: int
    last_error: str


def notices_of(user: User) -> QuerySet[Notice]:
    """What a person was told, newest first."""
    return Notice.objects.filter(user=user).order_by("-at", "-pk")


def unread(user: User) -> int:
    with prepared_cursor() as cursor:
        cursor.execute(UNREAD, {"user": user.pk})
        (count,) = cursor.fetchone()
    return int(count)


def outbox() -> Outbox:
    counts = Mail.objects.filter(sent_at=None).aggregate(
        waiting=Count("pk", filter=Q(failed_at=None)), failed=Count("pk", filter=Q(failed_at__isnull=False))
    )
    last = Mail.objects.filter(sent_at=None).exclude(error="").order_by("-pk").first()
    return Outbox(counts["waiting"], counts["failed"], last.error if last else "")
