"""The same change for many accounts: all of it or nothing, with an audit line for each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection

from django.db import transaction

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.operations.accounts import checked_owner, give, held, set_stage
from keepwell.apps.customers.operations.lists import add_to_list, remove_from_list
from keepwell.apps.customers.queries import visible
from keepwell.apps.customers.refusals import FieldRefused
from keepwell.apps.notices.operations import notify

MOST = 10_000
ACTIONS = ("owner", "stage", "add", "remove")


@transaction.atomic
def change_many(*, actor: Actor, account_ids: Collection[str], action: str, value: str) -> int:
    """`action`: owner (a person's number, or `none`), stage (a name), add or remove (a list's number).

    Returns how many accounts were given. Raises NotVisible if any of them is not there for the actor.
    """
    require(actor, Permission.BULK)
    accounts = list(dict.fromkeys(account_ids))
    if not accounts:
        raise FieldRefused("account", "choose at least one account")
    if len(accounts) > MOST:
        raise FieldRefused("account", f"at most {MOST:,} accounts at once; narrow the filters")
    if visible(actor).filter(pk__in=accounts).count() != len(accounts):
        raise NotVisible
    _change(action)(actor, accounts, value)
    return len(accounts)


def _change(action: str) -> Callable[[Actor, list[str], str], None]:
    changes = {"owner": _owner, "stage": _stage, "add": _add, "remove": _remove}
    if action not in changes:
        raise FieldRefused("action", f"choose one of {', '.join(ACTIONS)}")
    return changes[action]


def _owner(actor: Actor, accounts: list[str], value: str) -> None:
    owner = checked_owner(None if value == "none" else _number("csm", value, "choose a CSM"))
    given = sum(give(actor, held(actor, account), owner) for account in accounts)
    if given and owner is not None and owner != actor.user:
        text = f"{actor.name} gave you {given:,} account{'' if given == 1 else 's'}"
        notify(user=owner, text=text, kind="owner", key=f"owners:{uuid.uuid4()}", link="/customers/?csm=me")


def _stage(actor: Actor, accounts: list[str], value: str) -> None:
    for account in accounts:
        set_stage(actor=actor, account_id=account, stage=value)


def _add(actor: Actor, accounts: list[str], value: str) -> None:
    add_to_list(actor=actor, list_id=_number("list", value, "choose a list"), account_ids=accounts)


def _remove(actor: Actor, accounts: list[str], value: str) -> None:
    remove_from_list(actor=actor, list_id=_number("list", value, "choose a list"), account_ids=accounts)


def _number(field: str, value: str, otherwise: str) -> int:
    if not value.isdecimal() or len(value) > 17:
        raise FieldRefused(field, otherwise)
    return int(value)
