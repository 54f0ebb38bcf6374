"""Renewals by month: totals of a year from now on, and the accounts of one month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncMonth

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.apps.health.at_risk import at_risk
from keepwell.apps.health.in_force import chances_in_force

MONTHS, MOST = 12, 200


@dataclass
class Month:
    """`bands`: tone, label, accounts and ARR, the worst first. `at_risk` None: no chances of loss are in force."""

    first: date
    accounts: int = 0
    arr: float = 0.0
    at_risk: float | None = None
    bands: list[tuple[str, str, int, float]] = field(default_factory=list)


def months_of(actor: Actor, today: date) -> list[Month]:
    """The month of `today` and the eleven after it, also those without a renewal."""
    months = {first: Month(first) for first in _firsts(today)}
    last = _firsts(max(months))[1]
    renewing = visible(actor).filter(in_population=True, renews_on__gte=min(months), renews_on__lt=last)
    totals = (
        renewing.annotate(month=TruncMonth("renews_on"))
        .values("month", "health__tone", "health__label")
        .annotate(accounts=Count("id"), total=Sum("arr"))
        .order_by("month")
    )
    for one in totals:
        month = months[one["month"]]
        month.accounts, month.arr = month.accounts + one["accounts"], month.arr + (one["total"] or 0)
        band = (one["health__tone"] or "none", one["health__label"] or "not scored", one["accounts"], one["total"] or 0)
        month.bands.append(band)
    _add_risk(months, renewing)
    for month in months.values():
        month.bands.sort(key=lambda band: _WORST_FIRST.get(band[0], 3))
    return list(months.values())


def _add_risk(months: Mapping[date, Month], renewing: QuerySet[Account]) -> None:
    """By the chances in force; without them nothing is said."""
    chances = chances_in_force()
    if chances is None:
        return
    found = at_risk(renewing.annotate(month=TruncMonth("renews_on")), chances, "month")
    for first, month in months.items():
        month.at_risk = found[first,].expected if (first,) in found else 0.0


_WORST_FIRST = {"bad": 0, "middle": 1, "good": 2}


def renewals_of(actor: Actor, first: date) -> Sequence[Account]:
    """The accounts that renew in a month, day by day, the largest first; one more than are shown, if there is."""
    renewing = visible(actor).filter(in_population=True, renews_on__gte=first, renews_on__lt=_firsts(first)[1])
    return list(
        renewing.select_related("health", "owner").order_by("renews_on", F("arr").desc(nulls_last=True))[: MOST + 1]
    )


def _firsts(day: date) -> list[date]:
    months = range(day.year * 12 + day.month - 1, day.year * 12 + day.month - 1 + MONTHS)
    return [date(month // 12, month % 12 + 1, 1) for month in months]
