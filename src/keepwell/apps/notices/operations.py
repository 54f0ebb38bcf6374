"""Writes messages: in the transaction of what they tell of, so that nobody hears of what did not happen."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.access.models import User
from keepwell.apps.notices.models import Mail, Notice


def notify(*, user: User, text: str, kind: str, key: str, link: str = "") -> None:
    """One notice a key: telling twice tells once."""
    Notice.objects.get_or_create(user=user, key=key, defaults={"text": text[:300], "kind": kind, "link": link})


def write_mail(*, to: Iterable[str], subject: str, text: str, html: str = "") -> None:
    """Into the outbox, which the worker empties as soon as this is committed, and every minute."""
    now = timezone.now()
    Mail.objects.bulk_create(
        Mail(to=address, subject=" ".join(subject.split())[:200], text=text, html=html, due_at=now) for address in to
    )
    transaction.on_commit(_ask_to_send, robust=True)


def mark_read(*, user: User, notice_id: int | None = None) -> None:
    """One notice of a person, or all. Raises NotVisible for one that is not theirs."""
    mine = Notice.objects.filter(user=user)
    if notice_id is not None:
        mine = mine.filter(pk=notice_id)
        if not mine.exists():
            raise NotVisible
    mine.filter(read_at=None).update(read_at=timezone.now())


def send_again() -> int:
    """Messages that were given up are due now, with all their tries. Returns how many."""
    given_up = Mail.objects.filter(failed_at__isnull=False, sent_at=None)
    count = given_up.update(failed_at=None, attempts=0, due_at=timezone.now())
    transaction.on_commit(_ask_to_send, robust=True)
    return count


def _ask_to_send() -> None:
    from keepwell.apps.notices.jobs import ask_to_send

    ask_to_send()
