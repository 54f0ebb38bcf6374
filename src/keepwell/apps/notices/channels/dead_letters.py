"""Messages that were given up: sent again, one or all, or dropped."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.notices.channels.enqueuing import ask_after_commit
from keepwell.apps.notices.models import Channel, Delivery, DeliveryStatus
from keepwell.errors import RequestRefused


@transaction.atomic
def replay(*, actor: Actor, delivery_id: int) -> None:
    """Due now, with all its tries and the same id. Raises RequestRefused for one that was not given up."""
    found = _given_up(actor, delivery_id)
    _again([found.pk], found.channel)
    record(actor, "sent again", kind="delivery", of=found.pk, name=found.subject, account_id=found.account_id)


@transaction.atomic
def replay_all(*, actor: Actor, channel: Channel) -> int:
    """Everything that a channel did not take, oldest first. Returns how many."""
    require(actor, Permission.ADMINISTER)
    dead = list(_dead(channel).select_for_update().values_list("pk", flat=True))
    _again(dead, channel)
    record(actor, "sent again", kind="channel", of=channel.pk, name=channel.name, after={"messages": len(dead)})
    return len(dead)


@transaction.atomic
def drop(*, actor: Actor, delivery_id: int) -> None:
    """Gone for good. Raises RequestRefused for one that was not given up."""
    found = _given_up(actor, delivery_id)
    record(actor, "dropped", kind="delivery", of=found.pk, name=found.subject, account_id=found.account_id)
    found.delete()


@transaction.atomic
def drop_all(*, actor: Actor, channel: Channel) -> int:
    require(actor, Permission.ADMINISTER)
    count, _ = _dead(channel).delete()
    record(actor, "dropped", kind="channel", of=channel.pk, name=channel.name, after={"messages": count})
    return count


def _dead(channel: Channel) -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=channel, status=DeliveryStatus.DEAD)


def _given_up(actor: Actor, delivery_id: int) -> Delivery:
    require(actor, Permission.ADMINISTER)
    found = Delivery.objects.select_for_update(of=["self"]).select_related("channel").filter(pk=delivery_id).first()
    if found is None:
        raise NotVisible
    if found.status != DeliveryStatus.DEAD:
        raise RequestRefused(
            f"this message {_IS[found.status]}: only those that were given up are sent again or dropped"
        )
    return found


_IS: dict[str, str] = {DeliveryStatus.SENT: "was sent", DeliveryStatus.WAITING: "is still tried"}


def _again(ids: list[int], channel: Channel) -> None:
    dead = Delivery.objects.filter(pk__in=ids)
    dead.update(status=DeliveryStatus.WAITING, attempts=0, due_at=timezone.now(), ended_at=None)
    Channel.objects.filter(pk=channel.pk).update(rests_until=None)
    ask_after_commit()
