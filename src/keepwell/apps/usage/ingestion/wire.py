"""What clients send: only what is read of it, everything else is skipped."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

LONGEST = 200
"""Characters of an id or a name."""
Name = Annotated[str, msgspec.Meta(max_length=LONGEST)]
Id = Name | int | None
_NONE = msgspec.Raw()


class Context(msgspec.Struct):
    """`traits`: where some clients put those of an identify."""

    groupId: Id = None  # noqa: N815 - the wire's names
    traits: msgspec.Raw = _NONE
    page: msgspec.Raw = _NONE


class Message(msgspec.Struct):
    """One call of a Segment-compatible client. Objects that may not be kept are not looked into."""

    type: str | None = None
    event: Name | None = None
    name: str | None = None
    userId: Id = None  # noqa: N815
    anonymousId: Id = None  # noqa: N815
    groupId: Id = None  # noqa: N815
    previousId: Id = None  # noqa: N815
    messageId: Id = None  # noqa: N815
    timestamp: str | None = None
    originalTimestamp: str | None = None  # noqa: N815
    sentAt: str | None = None  # noqa: N815
    properties: msgspec.Raw = _NONE
    traits: msgspec.Raw = _NONE
    context: Context | None = None


class Envelope(msgspec.Struct):
    """The request around messages. `batch` is missing where the request is one message."""

    batch: list[msgspec.Raw] | None = None
    writeKey: Any = None  # noqa: N815
    api_key: Any = None
    sentAt: Any = None  # noqa: N815
    sent_at: Any = None
    context: Any = None


class Capture(msgspec.Struct):
    """One event of PostHog's protocol."""

    event: Name | None = None
    distinct_id: Id = None
    uuid: Id = None
    timestamp: str | None = None
    properties: dict[str, Any] | None = None
    set_: Any = msgspec.field(default=None, name="$set")
    set_once: Any = msgspec.field(default=None, name="$set_once")


class Stored(msgspec.Struct, omit_defaults=True):
    """A message as it waits in the inbox; `at` in UTC with milliseconds. Everything that is unknown is left out."""

    id: str
    type: str
    at: str
    event: str | None = None
    user: str | None = None
    anonymous: str | None = None
    group: str | None = None
    previous: str | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None


read_envelope = msgspec.json.Decoder(Envelope).decode
read_message = msgspec.json.Decoder(Message).decode
read_capture = msgspec.json.Decoder(Capture).decode
read_object = msgspec.json.Decoder(dict[str, Any]).decode
write = msgspec.json.Encoder().encode
