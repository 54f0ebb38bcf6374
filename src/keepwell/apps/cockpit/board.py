"""Calls as columns of a board: what is open, at work, asleep, and closed lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.cockpit.filtering import Filters, narrowed
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.ordering import ordered
from keepwell.apps.cockpit.words import CallStatus

MOST, LATELY = 50, timedelta(days=14)


@dataclass(frozen=True)
class Column:
    """`cards`: the first ones in order; `total`: all there are. `needs`: what a call needs to come here."""

    status: str
    title: str
    cards: Sequence[CallToAction]
    total: int
    needs: str


_NEEDS = {CallStatus.SNOOZED: "snooze", CallStatus.CLOSED: "close"}


def board_of(actor: Actor, filters: Filters) -> list[Column]:
    """The state of the filters counts for nothing: it is what the columns are."""
    return [_column(actor, filters, status) for status in CallStatus]


def _column(actor: Actor, filters: Filters, status: CallStatus) -> Column:
    found = narrowed(actor, replace(filters, status=status.value))
    if status == CallStatus.CLOSED:
        found = found.filter(closed_at__gte=timezone.now() - LATELY)
    order = "newest" if status == CallStatus.CLOSED else filters.sort
    return Column(status.value, status.label, list(ordered(found, order)[:MOST]), found.count(), _NEEDS.get(status, ""))
