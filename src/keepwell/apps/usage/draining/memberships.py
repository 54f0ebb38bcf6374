"""For whom somebody acted: the account of the last `group` call before an event, else of the first within a month."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from keepwell.apps.usage.draining.messages import Taken, short
from keepwell.apps.usage.draining.persons import Persons

_MOST_REMEMBERED = 500_000
WINDOW = timedelta(days=30)
"""So long before their first `group` call people acted for its account already."""

Since = tuple[datetime, str]
"""From when on, for which account."""

Told = Mapping[UUID, Sequence[Since]]
"""What `group` calls say of people."""


@dataclass
class Memberships:
    """By person the accounts they acted for, in order of time, as far as this process has come across them."""

    held: dict[UUID, list[Since]] = field(default_factory=dict)

    def load(self, people: Iterable[UUID]) -> None:
        """Afterwards the memberships of these people are at hand."""
        if len(self.held) > _MOST_REMEMBERED:
            self.held.clear()
        missing = set(people) - self.held.keys()
        if not missing:
            return
        self.held |= {person: [] for person in missing}
        with connection.cursor() as cursor:
            cursor.execute(
                "select person, since, account_id from usage_membership where person = any(%s) order by since",
                [list(missing)],
            )
            for person, since, account in cursor.fetchall():
                self.held[person].append((since, account))

    def at(self, person: UUID, moment: datetime, also: Mapping[UUID, Sequence[Since]]) -> str | None:
        """The account at a moment, `also` by what the same batch says; before the first call that of the first, where
        that came within the window; else None."""
        known = self.held.get(person, ())
        if person in also:
            known = sorted([*known, *also[person]], key=_since)
        place = bisect_right(known, moment, key=_since)
        if not place and known and known[0][0] - moment <= WINDOW:
            place = 1
        return known[place - 1][1] if place else None

    def forget(self, people: Iterable[UUID]) -> None:
        for person in people:
            self.held.pop(person, None)


def told(messages: Sequence[Taken], persons: Persons) -> dict[UUID, list[Since]]:
    """The memberships that `group` calls say."""
    found: dict[UUID, list[Since]] = {}
    for one in messages:
        message = one.message
        if message.type == "group" and message.group:
            person = persons.of(message)
            if person is not None:
                found.setdefault(person, []).append((message.at, short(message.group)))
    return found


def save(new: Mapping[UUID, Sequence[Since]]) -> None:
    """Doing it again changes nothing. Runs inside the transaction that deletes the batch."""
    rows = {(person, since): account for person, all_since in new.items() for since, account in all_since}
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into usage_membership (person, since, account_id) select * from "
            "unnest(%s::uuid[], %s::timestamptz[], %s::text[]) "
            "on conflict (person, since) do update set account_id = excluded.account_id",
            [[person for person, _ in rows], [since for _, since in rows], list(rows.values())],
        )


def _since(one: Since) -> datetime:
    return one[0]
