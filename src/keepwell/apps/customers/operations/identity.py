"""Which account a source's ids belong to: merging two accounts into one, and taking that back.

Facts are never touched: rows of the lake's identity table say where they count, from the next run on. People and lists
follow at once, and the merged account leaves the lists of customers.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.models import Change
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.identity import identity_rows, identity_table
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.customers.operations.accounts import held
from keepwell.apps.customers.refusals import FieldRefused
from keepwell.lake.identity import merge, undo


@transaction.atomic
def merge_accounts(*, actor: Actor, account_id: str, into_id: str) -> str:
    """Everything of one account belongs to the other. Returns the name of the change, by which it can be undone."""
    require(actor, Permission.ADMINISTER)
    if account_id == into_id:
        raise FieldRefused("into", "choose another account than this one")
    account, into = held(actor, account_id), held(actor, into_id)
    if account.merged_into_id or into.merged_into_id:
        raise FieldRefused("into", "one of the two is merged into another already; undo that first")
    people = [str(key) for key in account.people.values_list("pk", flat=True)]
    lists = list(account.lists.values_list("pk", flat=True))
    into.lists.add(*lists)
    Person.objects.filter(pk__in=people).update(account=into)
    account.merged_into, account.in_population = into, False
    account.save(update_fields=["merged_into", "in_population", "updated_at"])
    change = f"merge:{uuid.uuid4()}"
    record(actor, "merged", kind="account", of=account.pk, name=account.name, account_id=into.pk,
           after={"account": account.pk, "into": into.pk, "people": people, "change": change})  # fmt: skip
    rows = merge(identity_rows(), [account.pk], into.pk, recorded_at=timezone.now(), change=change)
    identity_table().append(rows)
    return change


@transaction.atomic
def undo_merge(*, actor: Actor, account_id: str) -> Account:
    """Everything as if the account had never been merged; what happened to the other one since stands."""
    require(actor, Permission.ADMINISTER)
    account = held(actor, account_id)
    done = _last_merge(account)
    if account.merged_into is None or done is None:
        raise FieldRefused("into", "this account is not merged into another")
    Person.objects.filter(pk__in=done["people"], account=account.merged_into).update(account=account)
    account.merged_into, account.in_population = None, True
    account.save(update_fields=["merged_into", "in_population", "updated_at"])
    record(actor, "undid merge", kind="account", of=account.pk, name=account.name, account_id=account.pk,
           before={"into": done["into"]})  # fmt: skip
    again = undo(identity_rows(), done["change"], recorded_at=timezone.now(), change=f"undo:{uuid.uuid4()}")
    identity_table().append(again)
    return account


def _last_merge(account: Account) -> dict[str, Any] | None:
    found = Change.objects.filter(object_kind="account", object_id=account.pk, action="merged").order_by("-at").first()
    return None if found is None else found.after
