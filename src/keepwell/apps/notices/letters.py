"""Letters to customers leave: so many a minute, each written at that moment, and none lost while a mail server is away.

A letter is claimed before it is sent, like all mail. A server that cannot be reached ends the round and costs a letter
none of its tries: everything waits until it is back, however long that takes.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import timedelta

from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from keepwell.apps.notices.composing import Composer, Letter, composer_of
from keepwell.apps.notices.models import Mail
from keepwell.apps.notices.sending import (
    TRIES,
    WAITS,
    Sent,
    claimed,
    is_final,
    message_of,
    server_of,
    tell_of_failure,
    told,
)

_MINUTE = timedelta(minutes=1)


class _ServerAwayError(Exception):
    """No letter can leave now."""


def send_letters(mail_url: str, sender: str, per_minute: int) -> Sent:
    """What is due and fits into the minute, oldest first."""
    room = per_minute - Mail.objects.exclude(composer="").filter(sent_at__gt=timezone.now() - _MINUTE).count()
    counts = {"sent": 0, "put_off": 0, "given_up": 0, "withdrawn": 0}
    server = server_of(mail_url)
    try:
        for mail in _due(room):
            if claimed(mail):
                counts[_send(mail, server, sender)] += 1
    except _ServerAwayError:
        counts["put_off"] += 1
    finally:
        server.close()
    return Sent(counts["sent"], counts["put_off"], counts["given_up"])


def _due(most: int) -> Iterator[Mail]:
    """Each asked for when the one before has left: a code that comes meanwhile goes next, however long letters took."""
    letters = Mail.objects.exclude(composer="").filter(sent_at=None, failed_at=None, withdrawn_at=None)
    for _ in range(most):
        mail = letters.filter(due_at__lte=timezone.now()).order_by("due_at", "pk").first()
        if mail is None:
            return
        yield mail


def _send(mail: Mail, server: EmailBackend, sender: str) -> str:
    composer = composer_of(mail.composer)
    letter = composer.compose(mail.about) if composer else None
    if composer is None or letter is None:
        Mail.objects.filter(pk=mail.pk).update(withdrawn_at=timezone.now())
        return "withdrawn"
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as error:
        _wait_for_server(mail, error)
    try:
        server.send_messages([message_of(mail, letter, sender)])
    except (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError) as error:
        server.close()
        _wait_for_server(mail, error)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        server.close()
        return _failed(mail, letter, composer, error)
    _taken(mail, composer)
    return "sent"


@transaction.atomic
def _taken(mail: Mail, composer: Composer) -> None:
    now = timezone.now()
    Mail.objects.filter(pk=mail.pk).update(sent_at=now, error="")
    composer.sent(mail.about, now)


def _wait_for_server(mail: Mail, error: Exception) -> None:
    """Raises _ServerAwayError."""
    again = timezone.now() + _MINUTE
    Mail.objects.filter(pk=mail.pk).update(error=told(error), attempts=F("attempts") - 1, due_at=again)
    raise _ServerAwayError from error


@transaction.atomic
def _failed(mail: Mail, letter: Letter, composer: Composer, error: Exception) -> str:
    now, tries = timezone.now(), mail.attempts + 1
    words = told(error).replace(letter.to, "the address")  # which is kept nowhere else
    rows = Mail.objects.filter(pk=mail.pk)
    if is_final(error):
        rows.update(error=words, failed_at=now)
        composer.refused(mail.about, letter.to, words)
        return "given_up"
    if tries >= TRIES or isinstance(error, ValueError):  # an address or subject that no letter can have
        rows.update(error=words, failed_at=now)
        tell_of_failure("a customer", words, now)
        if composer.given_up is not None:
            composer.given_up(mail.about, words)
        return "given_up"
    rows.update(error=words, due_at=now + WAITS[tries - 1])
    return "put_off"
