"""Messages of Segment's protocol, as every client of it sends them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec

from keepwell.apps.usage.ingestion.inherited import Inherited
from keepwell.apps.usage.ingestion.refusals import (
    MALFORMED,
    NO_EVENT,
    NO_GROUP,
    NO_PERSON,
    NO_PREVIOUS,
    UNKNOWN_TYPE,
    MessageRefused,
)
from keepwell.apps.usage.ingestion.times import event_time
from keepwell.apps.usage.ingestion.wire import Context, Message, Stored, read_message, read_object, write

_OF_PAGE = ("url", "path", "name")
_NO_CONTEXT = Context()
_BRACE = ord("{")


def stored_messages(raw: msgspec.Raw, inherited: Inherited) -> list[Stored]:
    """Always one. Raises MessageRefused, msgspec.ValidationError or DecodeError."""
    message = read_message(write(inherited.added_to(read_object(raw))) if inherited.context else raw)
    return [_stored(message, inherited)]


def known(value: str | int | None) -> str | None:
    """An id; null and empty are absent."""
    if value.__class__ is str:
        return value or None
    return None if value is None else str(value)


def _stored(message: Message, inherited: Inherited) -> Stored:
    kind = message.type or inherited.kind
    fill = _FILLING.get(kind or "")
    if kind is None or fill is None:
        named = f"{kind[:40]!r}" if kind else "missing"
        raise MessageRefused(UNKNOWN_TYPE, f"the type is {named}; Keepwell knows {', '.join(_FILLING)}")
    context = message.context or _NO_CONTEXT
    time = message.timestamp or message.originalTimestamp or message.sentAt or inherited.moment
    stored = Stored(
        id=known(message.messageId) or str(uuid.uuid4()),
        type=kind,
        at=event_time(time, inherited.latest),
        user=known(message.userId),
        anonymous=known(message.anonymousId),
        group=known(message.groupId) or known(context.groupId),
    )
    if stored.user is None and stored.anonymous is None:
        raise MessageRefused(NO_PERSON, "neither userId nor anonymousId says whose it is")
    fill(stored, message, context, inherited.kept)
    return stored


def _track(stored: Stored, message: Message, context: Context, kept: frozenset[str]) -> None:
    stored.event = message.event or None
    if stored.event is None:
        raise MessageRefused(NO_EVENT, "a track needs an event: the name of what happened")
    if kept:
        stored.properties = _kept(_object(message.properties, "properties"), kept)


def _page(stored: Stored, message: Message, context: Context, kept: frozenset[str]) -> None:
    """Where somebody was. What follows the path of an address may tell who it was, so it is not kept."""
    given = _object(message.properties, "properties")
    found = _kept(given, kept) or {}
    around = _object(context.page, "context.page")
    for name in _OF_PAGE:
        value = given.get(name) or around.get(name)
        if isinstance(value, str) and value:
            found[name] = value
    if message.name:
        found["name"] = message.name
    if "url" in found and "url" not in kept:
        found["url"] = _address(str(found["url"]))
    stored.properties = found or None


def _identify(stored: Stored, message: Message, context: Context, kept: frozenset[str]) -> None:
    traits = {**_object(context.traits, "context.traits"), **_object(message.traits, "traits")}
    stored.traits = traits or None


def _group(stored: Stored, message: Message, context: Context, kept: frozenset[str]) -> None:
    if stored.group is None:
        raise MessageRefused(NO_GROUP, "a group needs a groupId: the account")
    stored.traits = _object(message.traits, "traits") or None


def _alias(stored: Stored, message: Message, context: Context, kept: frozenset[str]) -> None:
    stored.previous = known(message.previousId)
    if stored.previous is None:
        raise MessageRefused(NO_PREVIOUS, "an alias needs a previousId: what the person was called before")


_FILLING: dict[str, Callable[[Stored, Message, Context, frozenset[str]], None]] = {
    "track": _track,
    "identify": _identify,
    "group": _group,
    "page": _page,
    "screen": _page,
    "alias": _alias,
}
KINDS = tuple(_FILLING)


def _object(raw: msgspec.Raw, what: str) -> dict[str, Any]:
    """Read whole, so that nothing is stored that cannot be read again."""
    text = memoryview(raw)
    if not text:
        return {}
    if text[0] == _BRACE:
        return read_object(raw)
    if bytes(text) == b"null":
        return {}
    raise MessageRefused(MALFORMED, f"{what} must be an object, such as {{}}")


def _kept(given: dict[str, Any], kept: frozenset[str]) -> dict[str, Any] | None:
    return {name: value for name, value in given.items() if name in kept} or None


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        return url.partition("?")[0].partition("#")[0]
