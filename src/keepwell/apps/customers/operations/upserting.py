"""Many accounts and people at once, by their ids: all of it or nothing, with what is wrong with each row."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission, Reach
from keepwell.apps.audit.operations import Noted, record_all
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.facts import AccountFacts, CellRefused
from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.apps.customers.queries import visible
from keepwell.errors import RequestRefused

MOST = 5_000
_PERSONAL = ("name", "email", "phone")
_DETAILS = ("role", "is_sponsor")
_COLUMNS = [
    "name", "parent", "owner", "owner_name", "team_id", "stage", "source_stage", "arr", "started_on", "renews_on",
    "attributes", "in_population", "updated_at",
]  # fmt: skip


@dataclass(frozen=True)
class AccountRow:
    """`given`: fields by name, those of `facts.FIELDS`; what is not given stays as it is."""

    id: str
    given: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonRow:
    """Found by `key`, else by the address in `given` within the account, else somebody new."""

    account_id: str
    given: Mapping[str, Any]
    key: uuid.UUID | None = None


@dataclass(frozen=True)
class Upserted:
    accounts_created: int
    people_created: int
    people: list[uuid.UUID]


class RowProblem(str):
    """What is wrong with one row; `placed` says where."""

    placed: dict[str, str]

    @classmethod
    def at(cls, place: str, message: str) -> RowProblem:
        one = cls(f"{place}: {message}")
        one.placed = {"place": place, "message": message}
        return one


@transaction.atomic
def upsert(*, actor: Actor, accounts: Sequence[AccountRow], people: Sequence[PersonRow]) -> Upserted:
    """Accounts, in the lake's accounts dataset and in the list at once, and people. Raises RequestRefused with every
    row that cannot be taken, and then takes none.
    """
    require(actor, Permission.BULK)
    if len(accounts) + len(people) > MOST:
        raise RequestRefused(f"at most {MOST:,} rows at once, accounts and people together")
    hold_upserts()
    into = _Accounts(actor, accounts)
    those = _People(actor, people, into)
    problems = [*into.problems, *those.problems]
    if problems:
        raise RequestRefused(*problems)
    made = into.save()
    return Upserted(made, those.save(), [person.pk for person in those.rows])


def hold_upserts() -> None:
    """Until the transaction ends there is no other."""
    hold(Lock.UPSERTS)


class _Accounts:
    """The accounts of one call: checked when made, written by `save`."""

    def __init__(self, actor: Actor, rows: Sequence[AccountRow]) -> None:
        self.actor, self.sent = actor, rows
        self.facts = AccountFacts(current_project()) if rows else None
        ids = [row.id for row in rows]
        self.known = Account.objects.in_bulk(ids)
        self.seen = set(visible(actor).filter(pk__in=ids).values_list("pk", flat=True))
        self.cells: dict[str, dict[str, Any]] = {}
        self.problems = list(self._checked())

    @property
    def ids(self) -> set[str]:
        """Those that the actor may write."""
        return {row.id for row in self.sent if self._may(row)}

    def _checked(self) -> Iterator[RowProblem]:
        parents = {row.given["parent_id"] for row in self.sent if row.given.get("parent_id")}
        there = self.ids | set(visible(self.actor).filter(pk__in=parents).values_list("pk", flat=True))
        for number, row in enumerate(self.sent):
            place = f"body.accounts.{number}"
            if row.id in self.cells:
                yield RowProblem.at(f"{place}.id", f"'{row.id}' stands in an earlier row as well")
            if not self._may(row):
                yield RowProblem.at(f"{place}.id", f"there is no account '{row.id}', and you may not make one")
            if row.given.get("parent_id") and row.given["parent_id"] not in there - {row.id}:
                yield RowProblem.at(f"{place}.parent_id", f"there is no account '{row.given['parent_id']}' above it")
            if "name" in row.given and not row.given["name"]:
                yield RowProblem.at(f"{place}.name", "a name cannot be empty")
            self.cells[row.id] = {}
            try:
                assert self.facts is not None
                self.cells[row.id] = {column: value for _, column, value in self.facts.cells(row.given, row.attributes)}
            except CellRefused as refused:
                yield RowProblem.at(f"{place}.{refused.place}", str(refused))

    def _may(self, row: AccountRow) -> bool:
        """New accounts are made by those who see all; who sees some could lose sight of what they made."""
        user = self.actor.user
        return row.id in self.seen or (row.id not in self.known and (user is None or user.reach == Reach.ALL))

    def save(self) -> int:
        """Returns how many are new."""
        if not self.sent:
            return 0
        assert self.facts is not None
        owners = {user.name: user for user in User.objects.filter(is_active=True)}
        notes = [self._note(row) for row in self.sent]
        rows = [self._row(row, owners) for row in self.sent]
        new = [row for row in rows if row.pk not in self.known]
        Account.objects.bulk_create(
            rows, batch_size=1000, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS
        )
        record_all(self.actor, notes)
        self.facts.write_after_commit(self.cells)
        return len(new)

    def _row(self, row: AccountRow, owners: Mapping[str, User]) -> Account:
        account = self.known.get(row.id) or Account(id=row.id, name=row.id)
        given = dict(row.given)
        if "csm" in given:
            account.owner_name = given.pop("csm") or ""
            if not account.owner_by_hand:
                account.owner = owners.get(account.owner_name)
                account.team_id = account.owner.team_id if account.owner else None
        if "stage" in given:
            account.stage = account.source_stage = given.pop("stage") or ""
        for name, value in given.items():
            setattr(account, name, value)
        account.attributes = {**account.attributes, **_json(self.cells[row.id])}
        return account

    def _note(self, row: AccountRow) -> Noted:
        known = self.known.get(row.id)
        names = {"csm": "owner_name"}
        before = {name: getattr(known, names.get(name, name)) for name in row.given} if known else {}
        before |= {name: known.attributes.get(name) for name in row.attributes} if known else {}
        return Noted("upserted" if known else "made", "account", row.id, str(row.given.get("name") or known or row.id),
                     row.id, before, {**row.given, **row.attributes})  # fmt: skip


class _People:
    """The people of one call; found among those of their accounts."""

    def __init__(self, actor: Actor, rows: Sequence[PersonRow], accounts: _Accounts) -> None:
        self.actor, self.sent = actor, rows
        ids = {row.account_id for row in rows}
        self.accounts = accounts.ids | set(visible(actor).filter(pk__in=ids).values_list("pk", flat=True))
        people = Person.objects.filter(account__in=ids).select_related("personal")
        self.by_key = {person.pk: person for person in people}
        self.by_address = {(_address(one), one.account_id): one for one in people if _address(one)}
        self.new: list[Person] = []
        self.rows: list[Person] = []
        self.fresh: set[uuid.UUID] = set()
        self.problems = list(self._checked())

    def _checked(self) -> Iterator[RowProblem]:
        taken: set[uuid.UUID] = set()
        for number, row in enumerate(self.sent):
            place = f"body.people.{number}"
            if row.account_id not in self.accounts:
                yield RowProblem.at(f"{place}.account_id", f"there is no account '{row.account_id}'")
                continue
            found = self._found(row)
            if found is None:
                yield RowProblem.at(
                    f"{place}.key", "nobody at this account has this key; leave it out for somebody new"
                )
                continue
            if found.pk in taken:
                yield RowProblem.at(place, "the same person stands in an earlier row as well")
            yield from _email_problem(row, place)
            if not self._told(found, row, "name") and not self._told(found, row, "email"):
                yield RowProblem.at(f"{place}.name", "give a name or an e-mail address")
            taken.add(found.pk)
            self.rows.append(found)

    def _found(self, row: PersonRow) -> Person | None:
        if row.key is not None:
            person = self.by_key.get(row.key)
            return person if person is not None and person.account_id == row.account_id else None
        address = (row.given.get("email") or "").strip().lower()
        person = self.by_address.get((address, row.account_id)) if address else None
        if person is None:
            person = Person(account_id=row.account_id)
            self.new.append(person)
            self.fresh.add(person.pk)
            if address:
                self.by_address[address, row.account_id] = person
        return person

    def _told(self, person: Person, row: PersonRow, name: str) -> str:
        """What a personal field will be. Of somebody new nothing is known, and nothing is asked for."""
        given = row.given.get(name)
        kept = "" if person.pk in self.fresh else getattr(getattr(person, "personal", None), name, "")
        return str(kept if given is None else given).strip()

    def save(self) -> int:
        """Returns how many are new."""
        fresh = self.fresh
        for person, row in zip(self.rows, self.sent, strict=True):
            for name in _DETAILS:
                if row.given.get(name) is not None:
                    setattr(person, name, row.given[name])
        Person.objects.bulk_create(
            self.rows, batch_size=1000, update_conflicts=True, unique_fields=["key"], update_fields=_DETAILS
        )
        personal = [
            PersonalData(person=person, **{name: self._told(person, row, name) for name in _PERSONAL})
            for person, row in zip(self.rows, self.sent, strict=True)
        ]
        PersonalData.objects.bulk_create(
            personal, batch_size=1000, update_conflicts=True, unique_fields=["person"], update_fields=_PERSONAL
        )
        record_all(
            self.actor, (self._note(person, row, fresh) for person, row in zip(self.rows, self.sent, strict=True))
        )
        return len(fresh)

    def _note(self, person: Person, row: PersonRow, fresh: set[uuid.UUID]) -> Noted:
        """The audit says which personal fields were given, not what was in them."""
        after = {"role": person.role, "is_sponsor": person.is_sponsor, "given": sorted(row.given)}
        action = "added person" if person.pk in fresh else "changed person"
        return Noted(action, "person", person.pk, str(person.pk), row.account_id, {}, after)


def _address(person: Person) -> str:
    personal = getattr(person, "personal", None)
    return personal.email.strip().lower() if personal else ""


def _email_problem(row: PersonRow, place: str) -> Iterator[RowProblem]:
    email = (row.given.get("email") or "").strip()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            yield RowProblem.at(f"{place}.email", f"'{email}' is no e-mail address; write name@company.com")


def _json(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in cells.items()}
