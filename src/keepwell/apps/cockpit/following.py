"""What the cockpit keeps of an account moves with it when it is merged."""

from __future__ import annotations

from collections.abc import Collection

from keepwell.apps.cockpit.models import CallToAction, SuccessPlan
from keepwell.apps.cockpit.words import CallStatus
from keepwell.apps.customers.following import register_follower, rows_of


def register() -> None:
    register_follower(rows_of("calls to action", CallToAction, staying=_open_at_both))
    register_follower(rows_of("success plans", SuccessPlan))


def _open_at_both(account: str, into: str) -> Collection[int]:
    """An open call whose reason is open at the other account too stays, since one reason has one open call."""
    opened = CallToAction.objects.exclude(status=CallStatus.CLOSED)
    there = set(opened.filter(account=into).values_list("type", "reason"))
    mine = opened.filter(account=account).values_list("pk", "type", "reason")
    return [pk for pk, kind, reason in mine if (kind, reason) in there]
