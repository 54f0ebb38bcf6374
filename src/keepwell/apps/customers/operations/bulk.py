"""The same change for many accounts: all of it or nothing, with an audit line for each, and a way back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db import transaction

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.models import User
from keepwell.apps.customers.models import Account, AccountList, BulkChange
from keepwell.apps.customers.operations.accounts import (
    checked_owner,
    checked_stage,
    give,
    give_back,
    put_owner,
    put_stage,
)
from keepwell.apps.customers.operations.attributes import attribute_asked, put_attributes
from keepwell.apps.customers.operations.lists import add_to_list, remove_from_list
from keepwell.apps.customers.operations.many import chosen, held_for_undo, note_undone
from keepwell.apps.customers.operations.upserting import hold_upserts
from keepwell.apps.customers.queries import visible
from keepwell.apps.notices.operations import notify
from keepwell.errors import FieldRefused

MOST = 10_000
ACTIONS = ("owner", "stage", "add", "remove", "attribute")
Before = dict[str, Any]


@transaction.atomic
def change_many(*, actor: Actor, account_ids: Collection[str], action: str, value: str) -> BulkChange:
    """`action`: owner (a person's number, `none`, or `source` to give accounts back to it), stage (a name), add or
    remove (a list's number), attribute (`column=value`).

    Returns what was changed, by which it can be undone. Raises NotVisible if any account is not there for the actor.
    """
    accounts = chosen(actor, "account", account_ids, MOST, action, ACTIONS)
    if action == "attribute":
        hold_upserts()  # before accounts are locked, as upserts do
    before = _CHANGES[action](actor, _held(actor, accounts), value)
    return BulkChange.objects.create(user=actor.user, action=action, value=value[:300], before=before)


def _held(actor: Actor, accounts: Collection[str]) -> dict[str, Account]:
    """Locked until the transaction ends, in an order that two of these share."""
    rows = visible(actor).filter(pk__in=accounts).select_related("owner").select_for_update(of=("self",)).order_by("pk")
    found = {one.pk: one for one in rows}
    if len(found) != len(accounts):
        raise NotVisible
    return found


def _owner(actor: Actor, accounts: Mapping[str, Account], value: str) -> Before:
    changed: Before = {}
    owner = None if value in ("none", "source") else checked_owner(_number("csm", value, "choose a CSM"))
    for pk, account in accounts.items():
        was = {"owner": account.owner_id, "by_hand": account.owner_by_hand}
        if give_back(actor, account) if value == "source" else give(actor, account, owner):
            changed[pk] = {**was, "now": account.owner_id}
    if changed and owner is not None and owner != actor.user:
        text = f"{actor.name} gave you {len(changed):,} account{'' if len(changed) == 1 else 's'}"
        notify(user=owner, text=text, kind="owner", key=f"owners:{uuid.uuid4()}", link="/customers/?csm=me")
    return changed


def _stage(actor: Actor, accounts: Mapping[str, Account], value: str) -> Before:
    stage = checked_stage(value)
    changed = {pk: {"stage": one.stage, "now": stage} for pk, one in accounts.items() if one.stage != stage}
    for pk in changed:
        put_stage(actor, accounts[pk], stage, "")
    return changed


def _add(actor: Actor, accounts: Mapping[str, Account], value: str) -> Before:
    kept = _list(value)
    there = set(AccountList.accounts.through.objects.filter(accountlist=kept).values_list("account_id", flat=True))
    add_to_list(actor=actor, list_id=kept, account_ids=accounts)
    return {pk: {"list": kept} for pk in accounts if pk not in there}


def _remove(actor: Actor, accounts: Mapping[str, Account], value: str) -> Before:
    kept = _list(value)
    there = set(AccountList.accounts.through.objects.filter(accountlist=kept).values_list("account_id", flat=True))
    remove_from_list(actor=actor, list_id=kept, account_ids=accounts)
    return {pk: {"list": kept} for pk in accounts if pk in there}


def _attribute(actor: Actor, accounts: Mapping[str, Account], value: str) -> Before:
    column, cell = attribute_asked(value)
    were = {pk: one.attributes.get(column) for pk, one in accounts.items()}
    changed = {pk: {"column": column, "was": was, "now": cell} for pk, was in were.items() if was != cell}
    put_attributes(actor, column, dict.fromkeys(changed, cell))
    return changed


_CHANGES: dict[str, Callable[[Actor, Mapping[str, Account], str], Before]] = {
    "owner": _owner, "stage": _stage, "add": _add, "remove": _remove, "attribute": _attribute,
}  # fmt: skip


@transaction.atomic
def undo_change_of_many(*, actor: Actor, bulk_id: int) -> int:
    """Puts back what stood before in each account that nobody changed since. Returns how many those are.

    Only who made the change undoes it, once. Raises NotVisible for one that is another's or not there.
    """
    found = held_for_undo(BulkChange, actor, bulk_id)
    if found.action == "attribute":
        hold_upserts()
    seen = visible(actor).filter(pk__in=found.before).select_related("owner").select_for_update(of=("self",))
    accounts = {one.pk: one for one in seen.order_by("pk")}
    done = _UNDOS[found.action](actor, accounts, found.before)
    note_undone(actor, found, "account", done)
    return done


def _undo_owner(actor: Actor, accounts: Mapping[str, Account], before: Before) -> int:
    users = User.objects.in_bulk({one["owner"] for one in before.values() if one["owner"] is not None})
    done = 0
    for pk, account in accounts.items():
        was = before[pk]
        if account.owner_id != was["now"]:
            continue
        done += put_owner(actor, account, users.get(was["owner"]), by_hand=was["by_hand"])
    return done


def _undo_stage(actor: Actor, accounts: Mapping[str, Account], before: Before) -> int:
    same = [pk for pk, account in accounts.items() if account.stage == before[pk]["now"]]
    for pk in same:
        put_stage(actor, accounts[pk], before[pk]["stage"], "Undone")
    return len(same)


def _undo_add(actor: Actor, accounts: Mapping[str, Account], before: Before) -> int:
    return remove_from_list(actor=actor, list_id=_list_of(before), account_ids=accounts) if accounts else 0


def _undo_remove(actor: Actor, accounts: Mapping[str, Account], before: Before) -> int:
    return add_to_list(actor=actor, list_id=_list_of(before), account_ids=accounts) if accounts else 0


def _undo_attribute(actor: Actor, accounts: Mapping[str, Account], before: Before) -> int:
    column = next((one["column"] for one in before.values()), "")
    same = [pk for pk, account in accounts.items() if account.attributes.get(column) == before[pk]["now"]]
    put_attributes(actor, column, {pk: before[pk]["was"] for pk in same})
    return len(same)


_UNDOS: dict[str, Callable[[Actor, Mapping[str, Account], Before], int]] = {
    "owner": _undo_owner, "stage": _undo_stage, "add": _undo_add, "remove": _undo_remove, "attribute": _undo_attribute,
}  # fmt: skip


def _list(value: str) -> int:
    return _number("list", value, "choose a list")


def _list_of(before: Before) -> int:
    return int(next(iter(before.values()))["list"])


def _number(field: str, value: str, otherwise: str) -> int:
    if not value.isdecimal() or len(value) > 17:
        raise FieldRefused(field, otherwise)
    return int(value)
