"""Messages as rows of the lake: one of `keepwell.events` each, and those of daily use added up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.usage.draining.memberships import Memberships, Since
from keepwell.apps.usage.draining.messages import Message, Taken, short
from keepwell.apps.usage.draining.persons import Persons

_TIME = pa.timestamp("us", "UTC")
EVENTS = pa.schema(
    [
        ("message_id", pa.string()),
        ("type", pa.string()),
        ("event", pa.string()),
        ("feature", pa.string()),
        ("person", pa.string()),
        ("anonymous", pa.bool_()),
        ("account_id", pa.string()),
        ("source", pa.string()),
        ("occurred_at", _TIME),
        ("received_at", _TIME),
        ("local_day", pa.date32()),
        ("url", pa.string()),
        ("properties", pa.string()),
    ]
)
"""`person`: a random key. `anonymous`: nobody had said who it was. `account_id`: as the source names it."""
USE = ("track", "page", "screen")
"""Types of messages that say that somebody did something."""

DAILY = pa.schema(
    [(name, EVENTS.field(name).type) for name in ("account_id", "person", "event", "feature", "local_day")]
)
"""What the rows of daily use are told apart by; `events` says how many there were."""

Features = Callable[[str | None, Message], str | None]
"""The feature that an event belongs to, by its name and message; None: no feature of the map."""


def unmapped(event: str | None, message: Message) -> str | None:
    """Without a feature map no event has a feature."""
    return None


@dataclass(frozen=True)
class Reader:
    """What rows need to know beside their messages. `sources`: names of write keys by their number."""

    persons: Persons
    memberships: Memberships
    sources: Mapping[int, str]
    zone: str
    features: Features = unmapped

    def events(self, messages: Sequence[Taken], told: Mapping[UUID, Sequence[Since]]) -> pa.Table:
        """One row a message, in the order of EVENTS; `told`: memberships of the same batch."""
        columns: list[list[Any]] = [[] for _ in EVENTS]
        for one in messages:
            for column, cell in zip(columns, self._row(one, told), strict=True):
                column.append(cell)
        arrays = {field.name: pa.array(cells, field.type) for field, cells in zip(EVENTS, columns, strict=True)
                  if field.name != "local_day"}  # fmt: skip
        arrays["local_day"] = local_days(arrays["occurred_at"], self.zone)
        return pa.table([arrays[name] for name in EVENTS.names], schema=EVENTS)

    def _row(self, taken: Taken, told: Mapping[UUID, Sequence[Since]]) -> tuple[Any, ...]:
        message = taken.message
        person = self.persons.of(message)
        account = short(message.group) if message.group else None
        if account is None and person is not None:
            account = self.memberships.at(person, message.at, told)
        event, url = message.event, None
        if message.type in ("page", "screen"):
            said = message.read_properties()
            url = _text(said.get("url") or said.get("path"))
            event = event or _text(said.get("name")) or message.type
        return (
            message.id, message.type, event, self.features(event, message), None if person is None else str(person),
            not message.user, account, self.sources.get(taken.key_id), message.at, taken.received_at, None, url,
            bytes(message.properties).decode() or None,
        )  # fmt: skip


def daily(events: pa.Table) -> pa.Table:
    """The rows of use by account, person, event, feature and day, with their number as `events`."""
    use = events.filter(pc.is_in(events["type"], value_set=pa.array(USE)))
    counted = use.group_by(DAILY.names).aggregate([([], "count_all")])
    return counted.rename_columns([*DAILY.names, "events"])


def local_days(moments: pa.Array, zone: str) -> pa.Array:
    """The day of each UTC time in a zone."""
    local = moments if zone == "UTC" else moments.cast(pa.timestamp("us", zone))
    return pc.local_timestamp(local).cast(pa.date32(), safe=False)


def day_of(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone) if zone != "UTC" else UTC).date()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
