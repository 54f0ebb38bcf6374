"""The risk register: open calls of the type risk, across teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.models import User
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.ordering import AtRisk, at_risk, ordered
from keepwell.apps.cockpit.queries import in_their_order, open_calls
from keepwell.apps.cockpit.words import CallType
from keepwell.apps.customers.models import Account
from keepwell.apps.health.dating import dates

MOST = 100


@dataclass(frozen=True)
class RiskEntry:
    call: CallToAction
    at_risk: AtRisk
    watchers: Sequence[User]


@dataclass(frozen=True)
class Register:
    """`arr`: of the customers with an open risk, each counted once. `entries`: the first ones by value at risk."""

    entries: Sequence[RiskEntry]
    total: int
    customers: int
    arr: float


def register_of(actor: Actor) -> Register:
    """Every open risk of accounts that the actor sees, the most at risk first."""
    risks = open_calls(actor).filter(type=CallType.RISK)
    accounts = Account.objects.filter(pk__in=risks.order_by().values("account"))
    ids = ordered(risks, "value").values_list("pk", flat=True)[:MOST]
    first = in_their_order(risks.prefetch_related("watchers__user__team"), ids)
    shown = dates().shown
    entries = [
        RiskEntry(one, at_risk(one.account, shown), [watcher.user for watcher in one.watchers.all()]) for one in first
    ]
    of_all = accounts.aggregate(customers=Count("pk"), arr=Sum("arr"))
    return Register(entries, risks.count(), of_all["customers"], of_all["arr"] or 0.0)
