"""The request around the messages: where it was sent to, and what it says of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from keepwell.apps.usage.ingestion.accepting import POSTHOG, SEGMENT, Protocol
from keepwell.apps.usage.ingestion.bodies import mended
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken
from keepwell.apps.usage.ingestion.segment import KINDS
from keepwell.apps.usage.ingestion.wire import Envelope, read_envelope

MOST_MESSAGES = 20_000
_LETTERS = {"t": "track", "i": "identify", "g": "group", "p": "page", "s": "screen", "a": "alias"}
_SINGLE = {f"/v1/{name}": kind for name, kind in (*_LETTERS.items(), *((kind, kind) for kind in KINDS))}
_BATCH = {"/v1/batch": SEGMENT, "/v1/b": SEGMENT, "/v1/import": SEGMENT, "/batch": POSTHOG}
PATHS = frozenset(_SINGLE) | frozenset(_BATCH)


@dataclass(frozen=True)
class Posted:
    """What a request holds. `kind`: the type that the address names; `key`: the write key of the body."""

    messages: list[msgspec.Raw]
    protocol: Protocol
    key: str | None
    kind: str | None = None
    sent: str | None = None
    context: dict[str, Any] | None = None


def read_posted(path: str, body: bytes) -> Posted:
    """Raises RequestNotTaken for what is no JSON object, or no batch where one belongs."""
    body, envelope = _decoded(body)
    if path in _SINGLE:
        return Posted([msgspec.Raw(body.strip())], SEGMENT, _text(envelope.writeKey), _SINGLE[path])
    protocol = _BATCH[path]
    if envelope.batch is None:
        if protocol is POSTHOG:
            return Posted([msgspec.Raw(body.strip())], protocol, _text(envelope.api_key))
        raise RequestNotTaken(400, "no_batch", 'the body has no "batch": a list of messages belongs there')
    if len(envelope.batch) > MOST_MESSAGES:
        raise RequestNotTaken(413, "too_many", f"at most {MOST_MESSAGES:,} messages a request: send smaller batches")
    return Posted(
        envelope.batch,
        protocol,
        _text(envelope.writeKey) or _text(envelope.api_key),
        sent=_text(envelope.sentAt) or _text(envelope.sent_at),
        context=envelope.context if isinstance(envelope.context, dict) else None,
    )


def _decoded(body: bytes) -> tuple[bytes, Envelope]:
    if b"\\u0000" in body:
        body = mended(body)
    try:
        body.decode()
        try:
            return body, read_envelope(body)
        except msgspec.DecodeError:
            if b"\\ud" not in body and b"\\uD" not in body:
                raise
            return (again := mended(body)), read_envelope(again)
    except msgspec.ValidationError:
        raise RequestNotTaken(400, "no_batch", 'the body must be a JSON object, and its "batch" a list') from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RequestNotTaken(400, "invalid_json", "the body is no JSON that can be read") from None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
