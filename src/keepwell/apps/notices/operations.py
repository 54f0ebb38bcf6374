"""Writes messages: in the transaction of what they tell of, so that nobody hears of what did not happen."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from keepwell.apps.access.models import User
from keepwell.apps.notices.models import Mail, Notice


def notify(*, user: User, text: str, kind: str, key: str, link: str = "") -> None:
    """One notice a key: telling twice tells once."""
    Notice.objects.get_or_create(user=user, key=key, defaults={"text": text[:300], "kind": kind, "link": link})


def write_mail(*, to: Iterable[str], subject: str, text: str, html: str = "") -> None:
    """Into the outbox, which the worker empties."""
    now = timezone.now()
    Mail.objects.bulk_create(
        Mail(to=address, subject=subject[:200], text=text, html=html, due_at=now) for address in to
    )


def mark_read(*, user: User) -> None:
    Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())
