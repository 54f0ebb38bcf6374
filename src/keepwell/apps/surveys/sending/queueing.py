"""Letters of invitations into the outbox, a thousand at a time: killed anywhere, the next worker goes on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from keepwell.apps.access.asking import ask_once
from keepwell.apps.notices.outbox import write_letters
from keepwell.apps.surveys.models import Invitation, SendStatus, SurveySend

COMPOSER = "survey"
_AT_ONCE = 1000


def ask_to_queue() -> None:
    """By itself it is looked at every minute."""
    ask_once("surveys:queue", timestamp=0)


def queue_letters() -> int:
    """Returns how many letters were written into the outbox."""
    written = 0
    while count := _queue_some(timezone.now()):
        written += count
    _end_sends(timezone.now())
    return written


@transaction.atomic
def _queue_some(now: datetime) -> int:
    waiting = Invitation.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = waiting.filter(channel="email", queued_at=None, withdrawn_at=None)
    found = list(waiting.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    write_letters(COMPOSER, [(f"survey:{pk}:0", str(pk)) for pk in found])
    Invitation.objects.filter(pk__in=found).update(queued_at=now)
    return len(found)


def _end_sends(now: datetime) -> None:
    """Those whose letters have all left, came back, or are not wanted any more."""
    open_ones = Invitation.objects.filter(
        send=OuterRef("pk"), channel="email", sent_at=None, bounced_at=None, withdrawn_at=None
    )
    sending = SurveySend.objects.filter(status=SendStatus.SENDING).exclude(Exists(open_ones))
    sending.update(status=SendStatus.DONE, ended_at=now)
