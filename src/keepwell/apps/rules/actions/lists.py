"""add_to_list, remove_from_list: lists that people keep by hand, found by their name."""

from __future__ import annotations

from typing import Any

from keepwell.apps.customers.models import AccountList
from keepwell.apps.customers.operations.lists import add_to_list, remove_from_list
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register, rule_actor
from keepwell.errors import RequestRefused


def register_performers() -> None:
    register("add_to_list", Performer(_add, _take_out_again, "adds", "account to a list"))
    register("remove_from_list", Performer(_remove, _put_back, "removes", "account from a list"))


def _add(effect: Effect) -> dict[str, Any]:
    return {"changed": add_to_list(**_asked(effect))}


def _remove(effect: Effect) -> dict[str, Any]:
    return {"changed": remove_from_list(**_asked(effect))}


def _take_out_again(effect: Effect) -> str:
    if effect.made["changed"]:
        remove_from_list(**_asked(effect))
    return ""


def _put_back(effect: Effect) -> str:
    if effect.made["changed"]:
        add_to_list(**_asked(effect))
    return ""


def _asked(effect: Effect) -> dict[str, Any]:
    name = effect.parameters["list"]
    found = AccountList.objects.filter(name=name).first()
    if found is None:
        raise RequestRefused(f"there is no list '{name}'; make it under Customers, or name another in the rule")
    return {"actor": rule_actor(effect), "list_id": found.pk, "account_ids": [effect.account_id]}
