"""The risk register: open calls of the type risk, across teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.models import User
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.ordering import AtRisk, at_risk, ordered
from keepwell.apps.cockpit.queries import open_calls
from keepwell.apps.cockpit.words import CallType
from keepwell.apps.customers.models import Account

MOST = 200


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
    first = ordered(risks, "value").prefetch_related("watchers__user__team")[:MOST]
    entries = [RiskEntry(one, at_risk(one.account), [watcher.user for watcher in one.watchers.all()]) for one in first]
    arr = accounts.aggregate(arr=Sum("arr"))["arr"] or 0.0
    return Register(entries, risks.count(), accounts.count(), arr)
