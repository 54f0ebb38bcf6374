"""What was left out of an answer, and what a reader should mind; accounts are named to those who see them."""

from __future__ import annotations

from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Reach
from keepwell.apps.customers.queries import visible
from keepwell.learning.asides import told


def seen_by(actor: Actor, found: dict[str, Any]) -> dict[str, Any]:
    """A result without the names of accounts that the actor does not see."""
    asides = found.get("asides", [])
    if actor.user is None or actor.user.reach == Reach.ALL or not asides:
        return found
    apart = [one for one in asides if not isinstance(one, str)]  # sentences of before hold names that none can take out
    named = {account for one in apart for account in one["accounts"]}
    seen = set(visible(actor).filter(pk__in=named).values_list("pk", flat=True))
    kept = [{**one, "accounts": [account for account in one["accounts"] if account in seen]} for one in apart]
    return {**found, "asides": kept}


def outcomes_seen_by(actor: Actor, found: dict[str, Any]) -> dict[str, Any]:
    """As `seen_by`, of a result that keeps what was left out beside its outcomes."""
    return {**found, "outcomes": seen_by(actor, found["outcomes"])}


def to_mind(found: dict[str, Any]) -> list[str]:
    """What was left out, and what a reader should mind, in sentences."""
    versus = (found.get("versus") or {}).get("notes", [])
    return list(dict.fromkeys([*told(found.get("asides", [])), *found.get("notes", []), *versus]))
