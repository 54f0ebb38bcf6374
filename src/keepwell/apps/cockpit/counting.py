"""How many calls are open, by account: a name that rules may ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count

from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.words import CallStatus


def open_calls_of(accounts: Collection[str] | None) -> Mapping[str, float]:
    """Of some accounts, or of all; an account without an open call has no number."""
    found = CallToAction.objects.exclude(status=CallStatus.CLOSED).order_by()
    if accounts is not None:
        found = found.filter(account__in=accounts)
    return {account: float(count) for account, count in found.values_list("account").annotate(Count("pk"))}
