"""What stands above the panels: the score and its change, why, and what is at stake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keepwell.apps.customer360.drawing import Sparkline, sparkline
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth


@dataclass(frozen=True)
class Header:
    """`days_left` counts from the date of the score, so that page and score speak of the same day."""

    health: CurrentHealth | None
    as_of: date | None
    days_left: int | None
    trend: Sparkline | None


def header_of(account: Account) -> Header:
    health = CurrentHealth.objects.filter(account=account).first()
    as_of = health.as_of if health else None
    left = (account.renews_on - as_of).days if account.renews_on and as_of else None
    return Header(health, as_of, left, sparkline(health.trend) if health else None)
