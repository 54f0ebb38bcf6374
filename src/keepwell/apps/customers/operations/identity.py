"""Which account a source's ids belong to: merging two accounts into one, and taking that back.

Facts are never touched: rows of the lake's identity table say where they count, from the next run on. What people wrote
and keep of the account follows at once, and the merged account leaves the lists of customers.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.models import Change
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.following import move_all, take_all_back
from keepwell.apps.customers.identity import merge_after_commit, undo_after_commit
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.operations.accounts import held
from keepwell.errors import FieldRefused


@dataclass(frozen=True)
class Merged:
    """`change`: its name in the identity table. `moved`: how many of what went over to the other account."""

    change: str
    moved: dict[str, int] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What moved: people (3), units (2)."""
        return ", ".join(f"{name} ({count:,})" for name, count in self.moved.items()) or "nothing that was kept by hand"


@transaction.atomic
def merge_accounts(*, actor: Actor, account_id: str, into_id: str) -> Merged:
    """Everything of one account belongs to the other. The audit keeps what moved, by which it can be undone."""
    require(actor, Permission.ADMINISTER)
    if account_id == into_id:
        raise FieldRefused("into", "choose another account than this one")
    account = held(actor, account_id)
    try:
        into = held(actor, into_id)
    except NotVisible:
        raise FieldRefused("into", f"there is no account '{into_id}': give the id of one") from None
    if account.merged_into_id or into.merged_into_id:
        raise FieldRefused("into", "one of the two is merged into another already; undo that first")
    if account.merged.exists():
        raise FieldRefused("into", "another account is merged into this one; undo that first")
    account.merged_into, account.in_population = into, False
    if into.parent_id == account.pk:
        into.parent = None
        into.save(update_fields=["parent", "updated_at"])
    account.save(update_fields=["merged_into", "in_population", "updated_at"])
    moved, change = move_all(account.pk, into.pk), f"merge:{uuid.uuid4()}"
    record(actor, "merged", kind="account", of=account.pk, name=account.name, account_id=into.pk,
           after={"account": account.pk, "into": into.pk, "moved": moved, "change": change})  # fmt: skip
    merge_after_commit(account.pk, into.pk, change)
    return Merged(change, {name: len(ids) for name, ids in moved.items()})


@transaction.atomic
def undo_merge(*, actor: Actor, account_id: str) -> Account:
    """Everything as if the account had never been merged; what happened to the other one since stands."""
    require(actor, Permission.ADMINISTER)
    account = held(actor, account_id)
    done = _last_merge(account)
    if account.merged_into is None or done is None:
        raise FieldRefused("into", "this account is not merged into another")
    into = account.merged_into
    account.merged_into, account.in_population = None, True
    account.save(update_fields=["merged_into", "in_population", "updated_at"])
    take_all_back(done["moved"], account.pk, into.pk)
    record(actor, "undid merge", kind="account", of=account.pk, name=account.name, account_id=account.pk,
           before={"into": done["into"], "moved": done["moved"]})  # fmt: skip
    undo_after_commit(done["change"], f"undo:{uuid.uuid4()}")
    return account


def _last_merge(account: Account) -> dict[str, Any] | None:
    found = Change.objects.filter(object_kind="account", object_id=account.pk, action="merged").order_by("-at").first()
    return None if found is None else {**found.after, "moved": found.after.get("moved") or _people_alone(found.after)}


def _people_alone(after: dict[str, Any]) -> dict[str, list[Any]]:
    """Of a merge that moved people alone, as merges once did."""
    return {"people": after["people"]} if after.get("people") else {}
