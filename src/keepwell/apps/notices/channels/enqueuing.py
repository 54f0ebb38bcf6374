"""Puts a message into the queue of a channel, in the transaction of what it tells of; once a key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.asking import ask_once
from keepwell.apps.notices.channels.payloads import alert_event, event, slack_body
from keepwell.apps.notices.models import Channel, ChannelKind, Delivery

if TYPE_CHECKING:
    from keepwell.apps.notices.alerting import Alert


def enqueue_alert(channel: Channel, what: Alert) -> None:
    """In the form of the channel's kind."""
    body = slack_body(what) if channel.kind == ChannelKind.SLACK else alert_event(what, timezone.now())
    enqueue(channel, key=what.key, body=body, subject=what.title, account_id=what.account_id)


def enqueue_event(
    channel: Channel, *, key: str, kind: str, data: Mapping[str, Any], subject: str, account_id: str = ""
) -> None:
    """An event for programs: `kind` is its type, such as rule.fired."""
    enqueue(channel, key=key, body=event(kind, data, timezone.now()), subject=subject, account_id=account_id)


def enqueue(channel: Channel, *, key: str, body: str, subject: str, account_id: str = "") -> None:
    """It is sent as soon as this is committed. What is in the queue already, sent or not, is left as it is."""
    whole = key_of(channel, key)
    fields = {
        "channel": channel, "message_id": _message_id(whole), "body": body, "subject": subject[:300],
        "account_id": account_id, "due_at": timezone.now(),
    }  # fmt: skip
    Delivery.objects.bulk_create([Delivery(key=whole, **fields)], ignore_conflicts=True)
    ask_after_commit()


def key_of(channel: Channel, key: str) -> str:
    return f"{channel.pk}:{key}"[:400]


def _message_id(key: str) -> str:
    """The same for the same, so that a receiver can tell."""
    return f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def ask_after_commit() -> None:
    """What is due is sent as soon as the transaction ends well."""
    transaction.on_commit(_ask_to_deliver, robust=True)


def _ask_to_deliver() -> None:
    ask_once("notices:deliver", timestamp=0)
