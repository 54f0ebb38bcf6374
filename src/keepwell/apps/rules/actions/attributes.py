"""set_attribute: a cell of the accounts dataset, as an upsert puts it there."""

from __future__ import annotations

from typing import Any

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.facts import AccountFacts, CellRefused
from keepwell.apps.customers.operations.attributes import put_attributes
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register, rule_actor
from keepwell.errors import RequestRefused


def register_performers() -> None:
    register("set_attribute", Performer(_set, _back, "sets", "attribute"))


def _set(effect: Effect) -> dict[str, Any]:
    name, value = effect.parameters["attribute"], effect.parameters.get("value")
    before = effect.account.attributes.get(name)
    _put(effect, name, value)
    effect.account.refresh_from_db(fields=["attributes"])
    return {"before": before, "after": effect.account.attributes.get(name)}


def _back(effect: Effect) -> str:
    name = effect.parameters["attribute"]
    if effect.account.attributes.get(name) != effect.made["after"]:
        return f"{name} has another value since; that one stays"
    _put(effect, name, effect.made["before"])
    return ""


def _put(effect: Effect, name: str, value: Any) -> None:
    """Typed as its column holds it; nothing empties it."""
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    try:
        cell = AccountFacts(current_project()).typed(name, text)
    except CellRefused as refused:
        raise RequestRefused(str(refused)) from None
    put_attributes(rule_actor(effect), name, {effect.account_id: cell})
