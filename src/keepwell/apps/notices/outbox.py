"""Writes mail into the outbox: in the transaction of what it tells of, so that nobody hears of what did not happen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.asking import ask_once
from keepwell.apps.notices.models import Mail


def write_mail(*, to: Iterable[str], subject: str, text: str, html: str = "") -> None:
    """Into the outbox, which the worker empties as soon as this is committed, and every minute."""
    now = timezone.now()
    Mail.objects.bulk_create(
        Mail(to=address, subject=_line(subject), text=text, html=html, due_at=now) for address in to
    )
    transaction.on_commit(_ask_to_send, robust=True)


def write_mail_once(*, key: str, to: str, subject: str, text: str) -> Mail:
    """One message a key, however often it is written."""
    fields = {"to": to, "subject": _line(subject), "text": text, "due_at": timezone.now()}
    mail, _ = Mail.objects.get_or_create(key=key, defaults=fields)
    transaction.on_commit(_ask_to_send, robust=True)
    return mail


_BEFORE_OTHERS = timedelta(days=1)
"""Whoever waits for a letter before a page does not wait for all that others have in line."""


def write_letters(composer: str, letters: Iterable[tuple[str, str]], *, before_others: bool = False) -> int:
    """Letters that `composer` writes when they are sent, each (key, about), once a key. Returns how many are new."""
    now = timezone.now() - (_BEFORE_OTHERS if before_others else timedelta())
    rows = [Mail(key=key, composer=composer, about=about, due_at=now) for key, about in letters]
    known = set(Mail.objects.filter(key__in=[one.key for one in rows]).values_list("key", flat=True))
    new = [one for one in rows if one.key not in known]
    Mail.objects.bulk_create(new, batch_size=2000, ignore_conflicts=True)
    if new:
        transaction.on_commit(ask_to_send_letters, robust=True)
    return len(new)


def ask_to_send_letters() -> None:
    """By themselves they go out every minute."""
    ask_once("notices:send letters", timestamp=0)


def send_again() -> int:
    """Messages that were given up are due now, with all their tries. Returns how many."""
    given_up = Mail.objects.filter(failed_at__isnull=False, sent_at=None)
    count = given_up.update(failed_at=None, attempts=0, due_at=timezone.now())
    transaction.on_commit(_ask_to_send, robust=True)
    return count


def _line(subject: str) -> str:
    return " ".join(subject.split())[:200]


def _ask_to_send() -> None:
    """By itself it is sent every minute."""
    ask_once("notices:send mail", timestamp=0)
