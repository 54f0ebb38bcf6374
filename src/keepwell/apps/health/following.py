"""What people said of an account's health moves with it when it is merged, and counts for the other at once."""

from __future__ import annotations

from collections.abc import Collection

from keepwell.apps.customers.following import register_follower, rows_of
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import AccountOverride, Entry, Feedback, Pin
from keepwell.apps.health.overriding import standing_pins
from keepwell.apps.health.renewing import count_at_once


def register() -> None:
    register_follower(rows_of("entered scores", Entry, settle=_count))
    register_follower(rows_of("overrides", AccountOverride, settle=_count))
    register_follower(rows_of("pins", Pin, staying=_pins_that_stay, settle=_count))
    register_follower(rows_of("remarks about scores", Feedback))


def _pins_that_stay(account: str, into: str) -> list[int]:
    """An account has one pinned card: where the other has one in force, that stands and this one's stays behind."""
    if not standing_pins(into).exists():
        return []
    return list(standing_pins(account).values_list("pk", flat=True))


def _count(accounts: Collection[str]) -> None:
    """Those that are still scored."""
    count_at_once(list(Account.objects.filter(pk__in=accounts, in_population=True).values_list("pk", flat=True)))
