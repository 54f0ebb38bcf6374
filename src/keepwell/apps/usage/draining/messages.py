"""Messages as the inbox keeps them, read in the order in which they were accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Literal
from uuid import UUID

import msgspec

Kind = Literal["track", "identify", "group", "page", "screen", "alias"]
_LONGEST_ID = 200


class Message(msgspec.Struct):
    """One message of a request; `properties` as the JSON text that was stored."""

    id: str
    type: Kind
    at: datetime
    event: str | None = None
    user: str | None = None
    anonymous: str | None = None
    group: str | None = None
    previous: str | None = None
    properties: msgspec.Raw = msgspec.Raw(b"")
    traits: dict[str, Any] | None = None

    @property
    def is_use(self) -> bool:
        """Whether somebody did something, and did not merely say who they are."""
        return self.type in _USE

    def read_properties(self) -> dict[str, Any]:
        return _properties(self.properties) if self.properties else {}


_USE = frozenset({"track", "page", "screen"})
_NULL = b"\\u0000"
_encode = msgspec.json.encode
_messages = msgspec.json.Decoder(list[Message]).decode
_properties = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True)
class Request:
    """One row of the inbox."""

    id: int
    key_id: int
    received_at: datetime
    messages: int
    body: bytes

    def read(self) -> list[Message]:
        return _messages(self.body)


@dataclass(frozen=True)
class Taken:
    """A message with what its request says of it; `hash` tells resends."""

    message: Message
    hash: UUID
    key_id: int
    received_at: datetime


def taken(requests: Sequence[Request]) -> list[Taken]:
    """The messages of all requests, of those with the same id the first alone."""
    found: dict[UUID, Taken] = {}
    for request in requests:
        for message in request.read():
            if message.at.tzinfo is None:
                message.at = message.at.replace(tzinfo=UTC)
            hashed = hash_of(message.id)
            if hashed not in found:
                found[hashed] = Taken(message, hashed, request.key_id, request.received_at)
    return list(found.values())


def hash_of(message_id: str) -> UUID:
    return UUID(bytes=blake2b(message_id.encode(), digest_size=16).digest())


def storable(traits: Mapping[str, Any] | None) -> dict[str, Any]:
    """Traits without the null character, which PostgreSQL has no place for."""
    if not traits:
        return {}
    text = _encode(traits)
    return dict(traits) if _NULL not in text else _properties(text.replace(_NULL, b""))


def short(source_id: str) -> str:
    """An id that fits an index: a longer one is cut, and told apart by its hash."""
    if len(source_id) <= _LONGEST_ID:
        return source_id.replace("\x00", "") if "\x00" in source_id else source_id
    return f"{source_id[:160].replace(chr(0), '')}:{blake2b(source_id.encode(), digest_size=16).hexdigest()}"
