"""Revenue at risk: of accounts that somebody sees, by the chances of loss in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Cast, Round

from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import LossChances

_STEPS = 2  # knots a point of the score: as `learning.calibration.lookup.SCORES`


@dataclass(frozen=True)
class AtRisk:
    """`amount`: revenue of `accounts` that have a score; `expected`: each times its chance to be lost."""

    accounts: int = 0
    amount: float = 0.0
    expected: float = 0.0

    def __add__(self, other: AtRisk) -> AtRisk:
        return AtRisk(self.accounts + other.accounts, self.amount + other.amount, self.expected + other.expected)


def meaning(chances: LossChances) -> str:
    """What they are the chances of, in words."""
    asked = chances.asked
    if asked["way"] == "on_grid":
        lead = f", {asked['lead_days']} days from now" if asked["lead_days"] else ""
        return f"lost within {asked['horizon_days']} days{lead}"
    return "lost at their next decision"


def at_risk(accounts: QuerySet[Account], chances: LossChances, *by: str) -> Mapping[tuple[Any, ...], AtRisk]:
    """Revenue of some accounts and what of it is at risk, summed in the database by score and segments; `by`: fields
    that it is told apart by. Accounts without score or revenue count nowhere."""
    scored = accounts.filter(health__score__isnull=False, arr__isnull=False)
    knots = scored.annotate(knot=Cast(Round(F("health__score") * _STEPS), models.IntegerField()))
    sums = knots.order_by().values_list(*by, "knot", "segments").annotate(Count("pk"), Sum("arr"))
    found: dict[tuple[Any, ...], AtRisk] = {}
    for *key, knot, segments, count, amount in sums:
        one = AtRisk(count, amount, amount * _chance(chances, knot, segments))
        found[tuple(key)] = found.get(tuple(key), AtRisk()) + one
    return found


def _chance(chances: LossChances, knot: int, segments: list[str]) -> float:
    own = next((name for name in chances.segments if name in segments), "")
    curve: list[float] = chances.lookup["by_segment"].get(own) or chances.lookup["overall"]
    return float(curve[min(max(knot, 0), len(curve) - 1)])
