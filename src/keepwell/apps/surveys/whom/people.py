"""People at customers as decisions see them, and what they were asked before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from keepwell.apps.customers.models import Account, Person
from keepwell.apps.surveys.models import Invitation, Refusal, RefusalKind
from keepwell.apps.surveys.tokens import address_hash
from keepwell.engine.surveys import choosing

LANGUAGE_TRAITS = ("language", "lang", "locale", "preferred_language")
"""Traits that say which language somebody prefers; the first that a person has counts."""


@dataclass(frozen=True)
class People:
    """`table`: as `choosing.PEOPLE_COLUMNS` says. `twins`: by address, those who share it: one human being is asked
    once, however many entries stand for them."""

    table: pa.Table
    twins: Mapping[str, Sequence[str]]

    @cached_property
    def languages(self) -> dict[str, str]:
        """By person, where it is known."""
        rows = zip(self.table["person_id"].to_pylist(), self.table["language"].to_pylist(), strict=True)
        return {person: language for person, language in rows if language}

    @cached_property
    def with_address(self) -> frozenset[str]:
        mask = self.table["has_address"]
        return frozenset(self.table.filter(mask)["person_id"].to_pylist())


def people_of(accounts: QuerySet[Account], only: Collection[UUID] | None = None) -> People:
    """Those at accounts, or some of them by key. Merged entries are one."""
    found = Person.objects.filter(merged_into=None, account__in=accounts)
    if only is not None:
        found = found.filter(pk__in=only)
    rows = list(
        found.order_by("pk").values_list(
            "pk", "account_id", "role", "is_sponsor", "created_at", "left_on", "personal__email", "personal__traits"
        )
    )
    refused = _Refused()
    table = pa.Table.from_pylist([_row(one, refused) for one in rows], schema=pa.schema(choosing.PEOPLE_COLUMNS))
    return People(table, _twins(rows))


def _row(one: tuple[Any, ...], refused: _Refused) -> dict[str, Any]:
    pk, account, role, sponsor, created, left, email, traits = one
    return {
        "person_id": str(pk), "account_id": account, "role": role or None, "is_sponsor": sponsor,
        "language": language_of(traits or {}), "known_since": created.date(), "left_on": left,
        "has_address": bool(email), "bounced": refused.has(RefusalKind.BOUNCED, pk, email),
        "unsubscribed": refused.has(RefusalKind.UNSUBSCRIBED, pk, email),
    }  # fmt: skip


def language_of(traits: Mapping[str, Any]) -> str | None:
    """A code such as de or pt-BR, as far as the traits say one."""
    said = next((traits[name] for name in LANGUAGE_TRAITS if isinstance(traits.get(name), str) and traits[name]), None)
    return said.replace("_", "-")[:35] if said else None


def _twins(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[str]]:
    by_address: dict[str, list[str]] = defaultdict(list)
    for one in rows:
        if one[6]:
            by_address[one[6].strip().casefold()].append(str(one[0]))
    return {address: ones for address, ones in by_address.items() if len(ones) > 1}


class _Refused:
    """Who is not written to; an address counts for whoever has it."""

    def __init__(self) -> None:
        self._persons: dict[str, set[Any]] = defaultdict(set)
        self._addresses: dict[str, set[str]] = defaultdict(set)
        rows = Refusal.objects.filter(lifted_at=None).values_list(
            "kind", Coalesce("person__merged_into", "person"), "address_hash"
        )
        for kind, person, address in rows:
            if address:
                self._addresses[kind].add(address)
            if person and (kind == RefusalKind.UNSUBSCRIBED or not address):
                self._persons[kind].add(person)

    def has(self, kind: str, person: Any, email: str | None) -> bool:
        """A letter that came back is about the address: another address of the same person may be tried."""
        if person in self._persons[kind]:
            return True
        return bool(email and self._addresses[kind] and address_hash(email) in self._addresses[kind])


def asked_before(twins: Mapping[str, Sequence[str]], only: Collection[UUID] | None = None) -> list[choosing.Invitation]:
    """What people (None: all) were asked, as decisions need it: of each survey the newest, and the newest that is not
    finished. What one of `twins` was asked, all of them were."""
    human = {person: ones for ones in twins.values() for person in ones}
    some = None if only is None else {*map(str, only), *(one for ones in twins.values() for one in ones)}
    found = list(_asked(some))
    for one in list(found):
        others = (other for other in human.get(one.person, ()) if other != one.person)
        found += [choosing.Invitation(other, one.survey, one.asked_at, one.answered_at) for other in others]
    return found


def _asked(only: Collection[str] | None) -> Iterator[choosing.Invitation]:
    found = Invitation.objects.filter(person__isnull=False, withdrawn_at=None)
    if only is not None:
        found = found.filter(Q(person__in=only) | Q(person__merged_into__in=only))
    rows = (
        found.annotate(who=Coalesce(F("person__merged_into"), F("person")))
        .values_list("who", "survey")
        .annotate(
            asked=Max("asked_at"),
            finished=Max("finished_at"),
            waiting=Max("asked_at", filter=Q(finished_at=None)),
        )
        .order_by()
    )  # fmt: skip
    for who, survey, asked, finished, waiting in rows:
        if finished is not None:
            yield choosing.Invitation(str(who), survey, asked, finished)
        if waiting is not None:
            yield choosing.Invitation(str(who), survey, waiting)
