"""Reads of experiments."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission, Reach
from keepwell.apps.customers.queries import visible
from keepwell.apps.experiments.models import Experiment
from keepwell.learning.asides import Aside

_HEAVY = ("files", "versus_files")


def experiments(actor: Actor) -> QuerySet[Experiment]:
    """All of them, the newest first: figures are of everybody. Raises Forbidden."""
    require(actor, Permission.CONFIGURE)
    return Experiment.objects.defer(*_HEAVY)


def experiment(actor: Actor, pk: int) -> Experiment:
    """Raises Forbidden, and NotVisible where there is no such experiment."""
    found = experiments(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def found_for(actor: Actor, result: dict[str, Any]) -> dict[str, Any]:
    """A result without the names of accounts that the actor does not see."""
    asides = result.get("asides", [])
    if actor.user is None or actor.user.reach == Reach.ALL or not asides:
        return result
    named = {account for one in asides for account in one["accounts"]}
    seen = set(visible(actor).filter(pk__in=named).values_list("pk", flat=True))
    kept = [{**one, "accounts": [account for account in one["accounts"] if account in seen]} for one in asides]
    return {**result, "asides": kept}


def to_mind(result: dict[str, Any]) -> list[str]:
    """What was left out, and what a reader should mind, in sentences."""
    asides = (Aside(one["what"], one["rows"], tuple(one["accounts"])) for one in result.get("asides", []))
    versus = (result.get("versus") or {}).get("notes", [])
    return list(dict.fromkeys([*map(str, asides), *result.get("notes", []), *versus]))
