"""What came of a try: sent, tried again later, or given up; and when a channel is left alone for a while."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from keepwell.apps.notices.alerting import Alert, Importance, tell_admins
from keepwell.apps.notices.channels.posting import Answer
from keepwell.apps.notices.models import Channel, Delivery, DeliveryStatus

TRIES = 10
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
_REST_AT_MOST = timedelta(minutes=5)


def pause_after(attempts: int, asked: timedelta | None = None, luck: float = 0.5) -> timedelta:
    """How long until the next try: three times as long each time, a fifth more or less by `luck` (from 0 to 1), and
    not before the other side asks for it."""
    own = min(_FIRST_WAIT * 3 ** (attempts - 1), _LONGEST_WAIT) * (0.8 + 0.4 * luck)
    return max(own, asked or timedelta(0))


@transaction.atomic
def note(delivery: Delivery, answer: Answer) -> DeliveryStatus:
    """Of a message that still waits; one that was dropped meanwhile stays dropped. WAITING: it is tried again."""
    now = timezone.now()
    status = _status(delivery, answer)
    fields: dict[str, object] = {
        "status": status, "code": answer.code, "response": answer.text, "error": answer.error,
    }  # fmt: skip
    if status == DeliveryStatus.WAITING:
        pause = pause_after(delivery.attempts, answer.wait, random.random())
        fields["due_at"] = now + pause
        _rest(delivery.channel, now, pause, answer)
    else:
        fields["ended_at"] = now
    waiting = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.WAITING)
    if waiting.update(**fields) and status == DeliveryStatus.DEAD:
        _tell_of_dead(delivery.channel, answer.error, now)
    return status


def _status(delivery: Delivery, answer: Answer) -> DeliveryStatus:
    if answer.good:
        return DeliveryStatus.SENT
    return DeliveryStatus.DEAD if answer.final or delivery.attempts >= TRIES else DeliveryStatus.WAITING


def _rest(channel: Channel, now: datetime, pause: timedelta, answer: Answer) -> None:
    """A channel that does not answer, or asks to wait, is left alone with everything else too."""
    if answer.wait is not None or answer.lame:
        until = now + (answer.wait if answer.wait is not None else min(pause, _REST_AT_MOST))
        Channel.objects.filter(pk=channel.pk).update(rests_until=until)


def _tell_of_dead(channel: Channel, error: str, now: datetime) -> None:
    """Once a day and channel."""
    tell_admins(
        Alert(
            key=f"dead:{channel.pk}:{now:%Y%m%d}", kind="failures", importance=Importance.HIGH,
            title=f"A message to the channel {channel.name} was given up: {error}",
            link=f"/configure/channels/{channel.name}/?status=dead",
        )
    )  # fmt: skip
