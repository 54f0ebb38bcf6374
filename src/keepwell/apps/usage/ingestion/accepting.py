"""The messages of one request, told apart into those that are stored and those that are refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from keepwell.apps.usage.ingestion import posthog, segment
from keepwell.apps.usage.ingestion.inherited import Inherited
from keepwell.apps.usage.ingestion.refusals import MALFORMED, TOO_LARGE, MessageRefused, Refused
from keepwell.apps.usage.ingestion.wire import Stored, read_object, write

LARGEST = 32 * 1024
"""Bytes of a message, as the protocol documents it."""
MOST_KEPT = 500
"""Refused messages of one request that are kept to be looked at."""
_TEXT_KEPT = LARGEST
_WORDS_KEPT = 500
_ID = re.compile(rb'"(?:messageId|uuid)"\s*:\s*"([^"\\]{1,200})"')

Protocol = Callable[[msgspec.Raw, Inherited], list[Stored]]
SEGMENT: Protocol = segment.stored_messages
POSTHOG: Protocol = posthog.stored_messages


@dataclass(frozen=True)
class Sorted:
    """`refused`: those that go to the quarantine; `refused_in_all` counts those beyond them too."""

    stored: list[Stored]
    refused: list[Refused]
    refused_in_all: int


def sort_messages(raws: Sequence[msgspec.Raw], protocol: Protocol, inherited: Inherited) -> Sorted:
    """Each message for itself: one that is refused does not keep the others out."""
    stored: list[Stored] = []
    refusals: list[tuple[msgspec.Raw, MessageRefused]] = []
    for raw in raws:
        try:
            if len(memoryview(raw)) > LARGEST:
                raise _too_large(raw)
            stored += protocol(raw, inherited)
        except MessageRefused as refusal:
            refusals.append((raw, refusal))
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            refusals.append((raw, MessageRefused(MALFORMED, _words(error))))
    refused = [_refused(raw, refusal, protocol, inherited) for raw, refusal in refusals[:MOST_KEPT]]
    return Sorted(stored, refused, len(refusals))


def _too_large(raw: msgspec.Raw) -> MessageRefused:
    size = len(memoryview(raw)) / 1024
    return MessageRefused(TOO_LARGE, f"{size:,.0f} KB; a message has at most {LARGEST // 1024} KB")


def _words(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error) or type(error).__name__


def _refused(raw: msgspec.Raw, refusal: MessageRefused, protocol: Protocol, inherited: Inherited) -> Refused:
    named = _ID.search(memoryview(raw)[:LARGEST])
    message_id = named.group(1).decode("utf-8", "replace") if named else ""
    text = _standing_alone(raw, protocol, inherited) if refusal.reason != TOO_LARGE else bytes(memoryview(raw))
    return Refused(
        message_id.replace("\x00", "\ufffd"),
        refusal.reason,
        refusal.words.replace("\x00", "\ufffd")[:_WORDS_KEPT],
        text[:_TEXT_KEPT].decode("utf-8", "replace").replace("\x00", "\ufffd"),
    )


def _standing_alone(raw: msgspec.Raw, protocol: Protocol, inherited: Inherited) -> bytes:
    """A text that can be sent through again; as it came where it cannot be read."""
    if protocol is not SEGMENT:
        return bytes(memoryview(raw))
    try:
        return write(inherited.added_to(read_object(raw)))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return bytes(memoryview(raw))
