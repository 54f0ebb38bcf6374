"""Mail that was given up, tried again."""

from __future__ import annotations

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.notices.operations import send_again


@transaction.atomic
def send_failed_mail_again(*, actor: Actor) -> int:
    """Returns how many messages are due again."""
    require(actor, Permission.ADMINISTER)
    count = send_again()
    record(actor, "sent again", kind="mail", of="outbox", name=f"{count} messages")
    return count
