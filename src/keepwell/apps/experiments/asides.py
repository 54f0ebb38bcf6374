"""What was left out of an answer, and what a reader should mind; accounts are named to those who see them."""

from __future__ import annotations

from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Reach
from keepwell.apps.customers.queries import visible
from keepwell.learning.asides import Aside


def seen_by(actor: Actor, found: dict[str, Any]) -> dict[str, Any]:
    """A result without the names of accounts that the actor does not see."""
    asides = found.get("asides", [])
    if actor.user is None or actor.user.reach == Reach.ALL or not asides:
        return found
    named = {account for one in asides for account in one["accounts"]}
    seen = set(visible(actor).filter(pk__in=named).values_list("pk", flat=True))
    kept = [{**one, "accounts": [account for account in one["accounts"] if account in seen]} for one in asides]
    return {**found, "asides": kept}


def to_mind(found: dict[str, Any]) -> list[str]:
    """What was left out, and what a reader should mind, in sentences."""
    asides = (Aside(one["what"], one["rows"], tuple(one["accounts"])) for one in found.get("asides", []))
    versus = (found.get("versus") or {}).get("notes", [])
    return list(dict.fromkeys([*map(str, asides), *found.get("notes", []), *versus]))
