"""Takes back what was told and has not gone out yet; what somebody read, or what left, cannot be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from keepwell.apps.notices.channels.enqueuing import key_of
from keepwell.apps.notices.models import Channel, Delivery, DeliveryStatus, Mail, MailedAlert, Notice


@dataclass(frozen=True)
class Withdrawn:
    """`taken_back`: messages that nobody gets any more. `stays`: what of it cannot be taken back, in words."""

    taken_back: int
    stays: tuple[str, ...]


@transaction.atomic
def withdraw(key: str) -> Withdrawn:
    """Everything that was told under a key."""
    notices = Notice.objects.filter(key=key[:200])
    unread = notices.filter(read_at=None).delete()[0]
    held = MailedAlert.objects.filter(key=key[:200], ended_at=None).delete()[0]
    mail = _unsent_mail(key)
    queued = Delivery.objects.filter(_of(key), status=DeliveryStatus.WAITING, attempts=0).delete()[0]
    return Withdrawn(unread + held + mail + queued, tuple(_stays(key, notices.count())))


def _unsent_mail(key: str) -> int:
    """Messages about this alone that no try was made of; one with other alerts too is left, and told of."""
    written = MailedAlert.objects.filter(key=key[:200]).exclude(mail=None)
    alone = Mail.objects.filter(pk__in=written.values("mail"), attempts=0, sent_at=None).exclude(
        alerts__in=MailedAlert.objects.exclude(key=key[:200])
    )
    held = list(alone.select_for_update().values_list("pk", flat=True))  # whoever sends one now was quicker
    return Mail.objects.filter(pk__in=held).delete()[1].get("notices.Mail", 0)


def _stays(key: str, read: int) -> Iterable[str]:
    if read:
        yield f"{read} {'person has' if read == 1 else 'people have'} read it"
    mailed = MailedAlert.objects.filter(key=key[:200]).exclude(mail=None).count()
    if mailed:
        yield f"{mailed} {'mail' if mailed == 1 else 'mails'} went out"
    for one in Delivery.objects.filter(_of(key)).select_related("channel"):
        yield f"{one.channel.name} {'has it' if one.status == DeliveryStatus.SENT else 'was called already'}"


def _of(key: str) -> Q:
    """Deliveries of every channel under a key."""
    return Q(key__in=[key_of(channel, key) for channel in Channel.objects.all()])
