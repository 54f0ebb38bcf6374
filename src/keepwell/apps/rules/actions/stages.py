"""set_stage: the account comes to another stage of its lifecycle."""

from __future__ import annotations

from typing import Any

from keepwell.apps.customers.operations.accounts import held, put_stage, set_stage
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register, rule_actor


def register_performers() -> None:
    register("set_stage", Performer(_set, _back, "moves", "account to another stage"))


def _set(effect: Effect) -> dict[str, Any]:
    before, asked = effect.account.stage, effect.parameters
    reason = asked.get("reason") or f"rule {effect.rule}"
    set_stage(actor=rule_actor(effect), account_id=effect.account_id, stage=asked["stage"], reason=reason)
    return {"before": before}


def _back(effect: Effect) -> str:
    actor, before = rule_actor(effect), effect.made["before"]
    account = held(actor, effect.account_id)
    if account.stage != effect.parameters["stage"]:
        return f"the account is in the stage '{account.stage or 'none'}' since; it stays there"
    if account.stage != before:
        put_stage(actor, account, before, f"undone: rule {effect.rule}")
    return ""
