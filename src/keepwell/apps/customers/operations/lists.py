"""Lists that people keep by hand. Everybody sees that a list is there; of its accounts, those in their scope."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from keepwell.apps.access.actors import Actor, Forbidden, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.models import AccountList
from keepwell.apps.customers.queries import visible
from keepwell.errors import FieldRefused

_LONGEST = 100


@transaction.atomic
def make_list(*, actor: Actor, name: str) -> AccountList:
    """An empty list of the actor's."""
    require(actor, Permission.WRITE)
    made = AccountList.objects.create(name=_free(name), owner=actor.user)
    record(actor, "made", kind="list", of=made.pk, name=made.name)
    return made


@transaction.atomic
def rename_list(*, actor: Actor, list_id: int, name: str) -> AccountList:
    """By who made it, and by those who change many accounts at once."""
    found = _own(actor, list_id)
    before, found.name = found.name, _free(name, besides=found.pk)
    found.save(update_fields=["name"])
    record(actor, "renamed", kind="list", of=found.pk, name=found.name, before={"name": before},
           after={"name": found.name})  # fmt: skip
    return found


@transaction.atomic
def delete_list(*, actor: Actor, list_id: int) -> None:
    """The list, not its accounts; the audit keeps which they were."""
    found = _own(actor, list_id)
    accounts = sorted(found.accounts.values_list("pk", flat=True))
    record(actor, "deleted", kind="list", of=found.pk, name=found.name, before={"accounts": accounts})
    found.delete()


@transaction.atomic
def add_to_list(*, actor: Actor, list_id: int, account_ids: Collection[str]) -> int:
    """Accounts in the actor's scope. Raises NotVisible if any is not; those in the list already stay. How many came."""
    require(actor, Permission.WRITE)
    found, accounts = _held(list_id), _seen(actor, account_ids)
    there = set(found.accounts.filter(pk__in=accounts).values_list("pk", flat=True))
    fresh = {pk: name for pk, name in accounts.items() if pk not in there}
    found.accounts.add(*visible(actor).filter(pk__in=fresh))
    for pk, name in fresh.items():
        record(actor, "added to list", kind="account", of=pk, name=name, account_id=pk, after={"list": found.name})
    return len(fresh)


@transaction.atomic
def remove_from_list(*, actor: Actor, list_id: int, account_ids: Collection[str]) -> int:
    """The same the other way."""
    require(actor, Permission.WRITE)
    found, accounts = _held(list_id), _seen(actor, account_ids)
    gone = found.accounts.filter(pk__in=accounts).values_list("pk", flat=True)
    members = {pk: accounts[pk] for pk in gone}
    found.accounts.remove(*visible(actor).filter(pk__in=members))
    for pk, name in members.items():
        record(actor, "removed from list", kind="account", of=pk, name=name, account_id=pk,
               before={"list": found.name})  # fmt: skip
    return len(members)


def _held(list_id: int) -> AccountList:
    found = AccountList.objects.select_for_update().filter(pk=list_id).first()
    if found is None:
        raise NotVisible
    return found


def _own(actor: Actor, list_id: int) -> AccountList:
    require(actor, Permission.WRITE)
    found = _held(list_id)
    if actor.user != found.owner and not actor.may(Permission.BULK):
        raise Forbidden(f"{actor.name} may not change the list '{found.name}'; ask who made it, or a manager")
    return found


def _seen(actor: Actor, account_ids: Collection[str]) -> dict[str, str]:
    found = dict(visible(actor).filter(pk__in=account_ids).values_list("pk", "name"))
    if len(found) != len(set(account_ids)):
        raise NotVisible
    return found


def _free(name: str, besides: int | None = None) -> str:
    name = name.strip()
    if not name or len(name) > _LONGEST:
        raise FieldRefused("name", f"a list has a name of at most {_LONGEST} characters")
    if AccountList.objects.filter(name=name).exclude(pk=besides or 0).exists():
        raise FieldRefused("name", f"there is a list '{name}' already; choose another name")
    return name
