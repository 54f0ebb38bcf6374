"""Reads of channels and of what is delivered to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.notices.models import Channel, ChannelKind, Delivery, DeliveryStatus
from keepwell.apps.notices.registering import seen
from keepwell.errors import RequestRefused


@dataclass(frozen=True)
class Waiting:
    """How many deliveries wait, and how many were given up."""

    waiting: int
    dead: int
    last_error: str


def channels(actor: Actor) -> QuerySet[Channel]:
    """By name, with how many deliveries wait and how many were given up."""
    require(actor, Permission.CONFIGURE)
    return Channel.objects.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__status=DeliveryStatus.WAITING)),
        dead=Count("deliveries", filter=Q(deliveries__status=DeliveryStatus.DEAD)),
    ).order_by("name")


def channel_for(actor: Actor, name: str) -> Channel:
    """Raises NotVisible where there is none of that name."""
    found = channels(actor).filter(name=name).first()
    if found is None:
        raise NotVisible
    return found


def deliveries(
    actor: Actor, *, channel: Channel | None = None, status: str = "", account_id: str = ""
) -> QuerySet[Delivery]:
    """Newest first."""
    require(actor, Permission.CONFIGURE)
    found = Delivery.objects.select_related("channel").order_by("-pk")
    wanted = {"channel": channel, "status": status, "account_id": account_id}
    return found.filter(**{name: value for name, value in wanted.items() if value})


def delivery_for(actor: Actor, delivery_id: int) -> Delivery:
    """With what was sent, which may tell of accounts: for those who administer and see the account."""
    require(actor, Permission.ADMINISTER)
    found = Delivery.objects.select_related("channel").filter(pk=delivery_id).first()
    if found is None or hidden(actor, [found]):
        raise NotVisible
    return found


def hidden(actor: Actor, rows: Iterable[Delivery]) -> set[int]:
    """Those (ids) that tell of an account which the actor may not see."""
    about = {one.pk: one.account_id for one in rows if one.account_id}
    if actor.user is None or not about:
        return set()
    sight = seen(actor.user, set(about.values()))
    return {pk for pk, account in about.items() if account not in sight}


def channels_named(names: Iterable[str], kind: str = "") -> list[Channel]:
    """Raises RequestRefused with every name that cannot be told anything, and why."""
    wanted = list(dict.fromkeys(names))
    problems = channel_problems(wanted, kind)
    if problems:
        raise RequestRefused(*problems)
    found = {one.name: one for one in Channel.objects.filter(name__in=wanted)}
    return [found[name] for name in wanted]


def channel_problems(names: Sequence[str], kind: str = "") -> list[str]:
    """Why these channels cannot be used, in words; nothing where they can. `kind`: what they have to be."""
    found = {one.name: one for one in Channel.objects.filter(name__in=names)} if names else {}
    problems = []
    for name in names:
        one = found.get(name)
        if one is None:
            known = list(Channel.objects.filter(**{"kind": kind} if kind else {}).order_by("name")[:10])
            there = f"there are: {', '.join(other.name for other in known)}" if known else "there is none yet"
            problems.append(f"there is no channel '{name}'; {there}. An admin makes them under Configure › Channels")
        elif kind and one.kind != kind:
            is_slack = one.kind == ChannelKind.SLACK
            use = "tell it with notify" if is_slack else "call it with webhook"
            problems.append(f"the channel '{name}' is {'Slack' if is_slack else 'a webhook'}: {use}")
        elif not one.active:
            problems.append(f"the channel '{name}' is switched off: an admin switches it on under Configure › Channels")
    return problems


def waiting() -> Waiting:
    """For the page of the system."""
    counts = Delivery.objects.aggregate(
        waiting=Count("pk", filter=Q(status=DeliveryStatus.WAITING)),
        dead=Count("pk", filter=Q(status=DeliveryStatus.DEAD)),
    )
    last = Delivery.objects.filter(status=DeliveryStatus.DEAD).order_by("-pk").first()
    return Waiting(counts["waiting"], counts["dead"], last.error if last else "")
