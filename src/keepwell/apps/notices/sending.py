"""Takes mail out of the outbox and hands it to the mail server.

A message is claimed before it is sent, by moving the time it is due: a worker that dies in between leaves it to be
tried again after the lease, and two workers never send the same one at once.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from keepwell.apps.notices.alerting import Alert, Importance, tell_admins
from keepwell.apps.notices.composing import Letter
from keepwell.apps.notices.models import Mail

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
TRIES = len(WAITS) + 1
_LEASE = timedelta(minutes=5)
_TIMEOUT = 20
_PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class Sent:
    sent: int = 0
    put_off: int = 0
    given_up: int = 0


def send_waiting(mail_url: str, sender: str, limit: int = 200) -> Sent:
    """Sends what is due, oldest first, over one connection; what fails is due again later, or given up."""
    due = Mail.objects.filter(composer="", sent_at=None, failed_at=None, due_at__lte=timezone.now())
    counts = {"sent": 0, "put_off": 0, "given_up": 0}
    server = server_of(mail_url)
    try:
        for mail in due.order_by("due_at", "pk")[:limit]:
            if claimed(mail):
                counts[_send(mail, server, sender)] += 1
    finally:
        server.close()
    return Sent(**counts)


def server_of(mail_url: str) -> EmailBackend:
    """smtp:// as it is, starttls:// upgraded, smtps:// encrypted from the start."""
    parts = urlsplit(mail_url)
    return EmailBackend(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "starttls",
        use_ssl=parts.scheme == "smtps",
        timeout=_TIMEOUT,
    )


def claimed(mail: Mail) -> bool:
    """Compare and set: one worker alone has it until the lease ends."""
    later = timezone.now() + _LEASE
    mine = Mail.objects.filter(pk=mail.pk, due_at=mail.due_at, sent_at=None, failed_at=None)
    return mine.update(due_at=later, attempts=F("attempts") + 1) == 1


def _send(mail: Mail, server: EmailBackend, sender: str) -> str:
    message = message_of(mail, Letter(mail.to, mail.subject, mail.text, mail.html), sender)
    try:
        server.open()
        server.send_messages([message])
    except (smtplib.SMTPException, OSError) as error:
        server.close()
        return _failed(mail, error, timezone.now())
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), error="")
    return "sent"


def message_of(mail: Mail, letter: Letter, sender: str) -> EmailMultiAlternatives:
    """As it goes to the server: the same id at every try."""
    headers = {**letter.headers, "Message-ID": f"<keepwell-{mail.pk}@{_domain(sender)}>"}
    message = EmailMultiAlternatives(letter.subject, letter.text, sender, [letter.to], headers=headers)
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    for one in letter.attachments:
        message.attach(one.name, one.content, one.kind)
    return message


def _failed(mail: Mail, error: Exception, now: datetime) -> str:
    tries = mail.attempts + 1
    fields: dict[str, object] = {"error": told(error)}
    if tries >= TRIES or is_final(error):
        fields["failed_at"] = now
    else:
        fields["due_at"] = now + WAITS[tries - 1]
    with transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(**fields)
        if "failed_at" in fields:
            tell_of_failure(mail.to, str(fields["error"]), now)
    return "given_up" if "failed_at" in fields else "put_off"


def tell_of_failure(to: str, error: str, now: datetime) -> None:
    """Once a day, in the application: mail does not leave."""
    tell_admins(
        Alert(
            key=f"mail:{now:%Y%m%d}", kind="failures", importance=Importance.HIGH,
            title=f"Mail to {to} was given up: {error}", link="/configure/system/",
        )
    )  # fmt: skip


def is_final(error: Exception) -> bool:
    """The server knows that this address will never take mail."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 for code, _ in error.recipients.values())


def told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].strip(" >") or "localhost"
