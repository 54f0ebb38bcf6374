"""One batch, from rows of the inbox to the lake; whoever is killed in between leaves it to the next, who ends it.

Who people are is settled first and committed; then both tables take the batch, each noting its number; then one
transaction notes the message ids, keeps what was told of people and accounts, and deletes the rows of the inbox. Any
step that was done is skipped or changes nothing when the batch is done again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

import pyarrow.compute as pc
from django.db import DataError, transaction
from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.usage.draining import claiming, listening, memberships, placing, profiles, seen
from keepwell.apps.usage.draining.mapping import Mapper
from keepwell.apps.usage.draining.memberships import Memberships, Told
from keepwell.apps.usage.draining.messages import Request, Taken, taken
from keepwell.apps.usage.draining.persons import Persons
from keepwell.apps.usage.draining.rows import Features, Reader, daily, day_of, unmapped
from keepwell.apps.usage.draining.turns import check_turn
from keepwell.apps.usage.draining.writing import Tables
from keepwell.apps.usage.models import Drained, WriteKey

log = logging.getLogger("keepwell.drain")
MOST = 20_000
"""Messages of a batch, about."""


@dataclass(frozen=True)
class Batch:
    """What one batch did. `resent`: of its messages, those that had come before. `oldest`, `newest`: when the first and
    the last of its requests were accepted. `earliest`: the first local day of what was new, as far as this process
    wrote it. `placed`: of whom it says for which account they act."""

    number: int
    messages: int
    resent: int
    oldest: datetime | None
    newest: datetime | None
    earliest: date | None
    placed: frozenset[UUID] = frozenset()


@dataclass
class Drain:
    """The one writer; whoever makes one holds the lock (`holding.py`) and has the `turn`."""

    turn: int | None = None
    tables: Tables = field(default_factory=Tables)
    persons: Persons = field(default_factory=Persons)
    memberships: Memberships = field(default_factory=Memberships)
    features: Features = unmapped
    mapper: Mapper = field(default_factory=Mapper)

    def finish(self) -> list[Batch]:
        """Batches that somebody left in the middle."""
        return [self._carry_out(number, claiming.claimed(number)) for number in claiming.unfinished()]

    def next(self, most: int = MOST) -> Batch | None:
        """The next batch; None where nothing waits."""
        number = self.tables.newest_batch() + 1
        with transaction.atomic():
            check_turn(self.turn)
            requests = claiming.claim(number, messages=most)
        return self._carry_out(number, requests) if requests else None

    def _carry_out(self, number: int, requests: Sequence[Request]) -> Batch:
        began = time.monotonic()
        came = taken(requests)
        new = seen.unseen(came)
        self.persons.resolve(new)
        earliest = self._write(number, new)
        count = sum(one.messages for one in requests)
        times = [one.received_at for one in requests]
        told = memberships.told(new, self.persons)
        placed = frozenset(told.keys() | self.persons.joined)
        oldest, newest = min(times, default=None), max(times, default=None)
        done = Batch(number, count, count - len(new), oldest, newest, earliest, placed)
        self._settle(done, new, told, time.monotonic() - began)
        return done

    def _write(self, number: int, new: Sequence[Taken]) -> date | None:
        """The first local day. A batch in which nothing is new leaves no note, and its number to the next."""
        if not new or self.tables.has(number):
            return None
        told = memberships.told(new, self.persons)
        self.memberships.load(
            person for one in new if not one.message.group and (person := self.persons.of(one.message)) is not None
        )
        reader = Reader(self.persons, self.memberships, _sources(), _zone(), self.features)
        events = self.mapper(reader.events(new, told))
        placing.note(events)
        listening.tell(number, events)
        self.tables.append(number, events, daily(events))
        first: date | None = pc.min(events["local_day"]).as_py()
        return first

    def _settle(self, done: Batch, new: Sequence[Taken], told: Told, seconds: float) -> None:
        with transaction.atomic():
            check_turn(self.turn)
            seen.note([one.hash for one in new], datetime.now(UTC).date())
            memberships.save(told)
            self.memberships.forget(told)
            _profiles(new, self.persons, self.memberships)
            claiming.delete(done.number)
            _tell(done, seconds)


def _profiles(new: Sequence[Taken], persons: Persons, memberships: Memberships) -> None:
    """What cannot be kept of people and accounts must not hold up the events behind it."""
    try:
        with transaction.atomic():
            profiles.save(new, persons, memberships)
    except (DataError, ValueError):
        log.exception("what identify and group said in this batch cannot be kept; its events are")


def _tell(done: Batch, seconds: float) -> None:
    Drained.objects.update_or_create(
        pk=1,
        defaults={"batch": done.number, "messages": done.messages, "resent": done.resent, "oldest": done.oldest,
                  "seconds": seconds, "ended_at": timezone.now()},
    )  # fmt: skip


def _sources() -> dict[int, str]:
    return dict(WriteKey.objects.values_list("pk", "name"))


def today() -> date:
    """The day it is in the project's zone."""
    return day_of(timezone.now(), _zone())


def _zone() -> str:
    project = current_project()
    return project.settings.time_zone if project else "UTC"
