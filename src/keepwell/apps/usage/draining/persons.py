"""Who it was: the ids of sources and the random keys that stand for people in the lake.

An id that comes for the first time gets a key before anything is written with it, so that a batch that is done again
finds the same. `identify` and `alias` make two ids one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import connection, transaction

from keepwell.apps.usage.draining.messages import Message, Taken, short
from keepwell.apps.usage.models import IdKind

SourceId = tuple[str, str]
"""Kind and id."""


@dataclass
class Persons:
    """Keys by source id, of the messages that were resolved last: who was erased meanwhile must not be remembered.
    `owners`: the user that a key belongs to. `joined`: keys that turned out to be somebody else's."""

    keys: dict[SourceId, UUID] = field(default_factory=dict)
    owners: dict[UUID, str] = field(default_factory=dict)
    joined: set[UUID] = field(default_factory=set)

    def resolve(self, messages: Sequence[Taken]) -> None:
        """Afterwards every id of the messages has its key, here and in the database; one transaction."""
        self.keys.clear()
        self.owners.clear()
        self._look_up({one for taken in messages for one in ids_of(taken.message)})
        changes = _Changes(self)
        for taken in messages:
            changes.take(taken.message)
        changes.save()
        self.joined = set(changes.same)

    def of(self, message: Message) -> UUID | None:
        """The person of a message; None where it says nobody."""
        if message.user:
            return self.keys.get((IdKind.USER, short(message.user)))
        return self.keys.get((IdKind.ANONYMOUS, short(message.anonymous))) if message.anonymous else None

    def _look_up(self, ids: set[SourceId]) -> None:
        if not ids:
            return
        kinds, names = zip(*ids, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "select kind, source_id, key from usage_person "
                "where (kind, source_id) in (select * from unnest(%s::text[], %s::text[]))",
                [list(kinds), list(names)],
            )
            found = cursor.fetchall()
            self._learn(found)
            anonymous = [key for kind, _, key in found if kind == IdKind.ANONYMOUS]
            if anonymous:
                cursor.execute(
                    "select kind, source_id, key from usage_person where key = any(%s) and kind = 'user'", [anonymous]
                )
                self._learn(cursor.fetchall())

    def _learn(self, rows: Iterable[tuple[str, str, UUID]]) -> None:
        for kind, name, key in rows:
            self.keys[kind, name] = key
            if kind == IdKind.USER:
                self.owners[key] = name


@dataclass
class _Changes:
    """What messages change of who is who, in their order."""

    persons: Persons
    rows: dict[SourceId, UUID] = field(default_factory=dict)
    same: dict[UUID, UUID] = field(default_factory=dict)

    def take(self, message: Message) -> None:
        user = (IdKind.USER.value, short(message.user)) if message.user else None
        anonymous = (IdKind.ANONYMOUS.value, short(message.anonymous)) if message.anonymous else None
        if user and anonymous and message.type == "identify":
            self._join(user, anonymous)
        if message.type == "alias" and user and message.previous:
            self._join(user, self._known_as(short(message.previous)))
        for one in (user, anonymous):
            if one and one not in self.persons.keys:
                self._put(one, uuid4())

    def _known_as(self, name: str) -> SourceId:
        """The id before an alias was a visitor's, unless it is known as a user's."""
        user = (IdKind.USER.value, name)
        return user if user in self.persons.keys else (IdKind.ANONYMOUS.value, name)

    def _join(self, user: SourceId, other: SourceId) -> None:
        """`other` is the user from now on. A visitor's key that no user has becomes the user's; of two keys that both
        stand in the lake one is noted to be the other; what belongs to another user stays theirs."""
        keys = self.persons.keys
        mine, theirs = keys.get(user), keys.get(other)
        owner = self.persons.owners.get(theirs) if theirs else None
        is_theirs = owner not in (None, user[1]) and other[0] == IdKind.ANONYMOUS
        if mine is None:
            mine = theirs if theirs and not is_theirs else uuid4()
            self._put(user, mine)
        if theirs != mine:
            if theirs and not is_theirs:
                self.same[theirs] = mine
            self._put(other, mine)

    def _put(self, one: SourceId, key: UUID) -> None:
        self.persons.keys[one] = self.rows[one] = key
        if one[0] == IdKind.USER:
            self.persons.owners[key] = one[1]

    def save(self) -> None:
        if not self.rows and not self.same:
            return
        kinds = [kind for kind, _ in self.rows]
        names = [name for _, name in self.rows]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into usage_person (kind, source_id, key, first_seen) "
                "select kind, name, key, now() from unnest(%s::text[], %s::text[], %s::uuid[]) "
                "as new(kind, name, key) on conflict (kind, source_id) do update set key = excluded.key",
                [kinds, names, list(self.rows.values())],
            )
            cursor.execute(
                "insert into usage_same_person (key, same_as, recorded_at) "
                "select key, same_as, now() from unnest(%s::uuid[], %s::uuid[]) as new(key, same_as) "
                "on conflict (key) do update set same_as = excluded.same_as",
                [list(self.same), list(self.same.values())],
            )


def ids_of(message: Message) -> Iterable[SourceId]:
    """Every id that a message names."""
    if message.user:
        yield IdKind.USER.value, short(message.user)
    if message.anonymous:
        yield IdKind.ANONYMOUS.value, short(message.anonymous)
    if message.type == "alias" and message.previous:
        yield IdKind.USER.value, short(message.previous)
        yield IdKind.ANONYMOUS.value, short(message.previous)
