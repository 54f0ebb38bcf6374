"""What `identify` and `group` tell of people and accounts, kept with the customers; never in the lake.

Traits are kept as they were told last. A person who is known to act for an account is one of its people. An account
that the accounts data do not have is made as one seen in events only: it has a page and is not scored. Of accounts
that they do have the data say what is so; what events tell stays beside, in `SourceAccount`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.apps.usage.draining.memberships import Memberships, Since
from keepwell.apps.usage.draining.messages import Taken, short, storable
from keepwell.apps.usage.draining.persons import Persons
from keepwell.apps.usage.models import SourceAccount, SourcePerson, Traits

_AT_ONCE = 1000
_LONGEST = {"name": 200, "email": 254, "phone": 50}


def save(messages: Sequence[Taken], persons: Persons, memberships: Memberships) -> None:
    """Doing it again changes nothing. Runs inside the transaction that deletes the batch."""
    identified: dict[UUID, dict[str, Any]] = {}
    grouped: dict[str, tuple[datetime, dict[str, Any]]] = {}
    joined: dict[UUID, Since] = {}
    for one in messages:
        message, person = one.message, persons.of(one.message)
        if message.type == "identify" and message.user and person is not None:
            identified[person] = {**identified.get(person, {}), **storable(message.traits)}
        if message.type in ("identify", "group") and message.group:
            account = short(message.group)
            if message.type == "group":
                before = grouped.get(account, (message.at, {}))
                grouped[account] = (max(before[0], message.at), {**before[1], **storable(message.traits)})
            else:
                grouped.setdefault(account, (message.at, {}))
            if person is not None and message.user:
                joined[person] = max(joined.get(person, (message.at, account)), (message.at, account))
    _save_accounts(grouped)
    _save_people(identified, joined, memberships)


def _save_accounts(told: Mapping[str, tuple[datetime, Mapping[str, Any]]]) -> None:
    if not told:
        return
    known = SourceAccount.objects.in_bulk(list(told))
    rows = []
    for account, (at, traits) in told.items():
        row = known.get(account) or SourceAccount(id=account)
        row.traits = {**row.traits, **traits}
        row.name, row.told_at = _text(row.traits.get("name"))[:300], at
        rows.append(row)
    _make_accounts(rows)
    SourceAccount.objects.bulk_create(
        rows, batch_size=_AT_ONCE, update_conflicts=True, unique_fields=["id"],
        update_fields=["name", "traits", "told_at", "made"],
    )  # fmt: skip


def _make_accounts(rows: Sequence[SourceAccount]) -> None:
    """Those that nobody knew, and those made here before that no data tell of yet, as they are told now."""
    known = dict(Account.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "in_population"))
    for row in rows:
        row.made = row.made or row.pk not in known
    told = [row for row in rows if row.made and not known.get(row.pk)]
    Account.objects.bulk_create(
        [Account(id=row.pk, name=row.name or row.pk, attributes=row.traits, in_population=False) for row in told],
        batch_size=_AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=["name", "attributes"],
    )  # fmt: skip


def _save_people(
    identified: Mapping[UUID, Mapping[str, Any]], joined: Mapping[UUID, Since], memberships: Memberships
) -> None:
    everybody = _still_known({*identified, *joined})
    identified = {person: traits for person, traits in identified.items() if person in everybody}
    joined = {person: since for person, since in joined.items() if person in everybody}
    if not everybody:
        return
    memberships.load(everybody)
    kept = {row.key: row.traits for row in Traits.objects.filter(pk__in=everybody)}
    people = Person.objects.in_bulk(everybody)
    account = {person: _account_of(person, joined, memberships) for person in everybody - people.keys()}
    new = [Person(key=person, account_id=of) for person, of in account.items() if of is not None]
    Person.objects.bulk_create(new, batch_size=_AT_ONCE, ignore_conflicts=True)
    _move(people, joined)
    placed = people.keys() | {one.key for one in new}
    _save_personal({person: {**kept.get(person, {}), **identified.get(person, {})} for person in placed
                    if person in identified or person in kept})  # fmt: skip
    Traits.objects.filter(pk__in=kept.keys() & placed).delete()
    _keep_traits({person: {**kept.get(person, {}), **identified[person]} for person in identified.keys() - placed})


def _still_known(people: Collection[UUID]) -> set[UUID]:
    """Those whom nobody erased since the batch began; until the transaction ends nobody does."""
    held = SourcePerson.objects.filter(key__in=people).select_for_update(of=("self",), no_key=True)
    return {one.key for one in held.only("key")}


def _account_of(person: UUID, joined: Mapping[UUID, Since], memberships: Memberships) -> str | None:
    if person in joined:
        return joined[person][1]
    known = memberships.held.get(person)
    return known[-1][1] if known else None


def _move(people: Mapping[UUID, Person], joined: Mapping[UUID, Since]) -> None:
    """Whoever acts for another account now is one of its people."""
    moved = [one for key, one in people.items() if key in joined and one.account_id != joined[key][1]]
    for one in moved:
        one.account_id = joined[one.key][1]
    Person.objects.bulk_update(moved, ["account"], batch_size=_AT_ONCE)


def _save_personal(told: Mapping[UUID, Mapping[str, Any]]) -> None:
    known = PersonalData.objects.in_bulk(list(told))
    rows = []
    for person, traits in told.items():
        row = known.get(person) or PersonalData(person_id=person)
        row.traits = {**row.traits, **traits}
        for name, longest in _LONGEST.items():
            setattr(row, name, (_said(traits, name) or getattr(row, name))[:longest])
        rows.append(row)
    PersonalData.objects.bulk_create(
        rows, batch_size=_AT_ONCE, update_conflicts=True, unique_fields=["person"], update_fields=[*_LONGEST, "traits"]
    )


def _keep_traits(told: Mapping[UUID, Mapping[str, Any]]) -> None:
    rows = [Traits(key=person, traits=dict(traits)) for person, traits in told.items()]
    Traits.objects.bulk_create(
        rows, batch_size=_AT_ONCE, update_conflicts=True, unique_fields=["key"], update_fields=["traits"]
    )


def _said(traits: Mapping[str, Any], name: str) -> str:
    if name == "name" and not traits.get("name"):
        return " ".join(_text(traits.get(one)) for one in ("firstName", "lastName") if traits.get(one))
    return _text(traits.get(name))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
