"""Django's mail goes into the outbox too: what allauth writes waits there like everything else."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from keepwell.apps.notices.outbox import write_mail


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            write_mail(to=message.to, subject=str(message.subject), text=str(message.body))
        return len(email_messages)
