"""Browsers: a page may send with a key where the key names its origin, and with no other."""

from __future__ import annotations

from typing import Any

from keepwell.apps.usage.ingestion.answers import PERMITTED, Answer, Headers
from keepwell.apps.usage.ingestion.keys import KeyRing, LiveKey
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken

_VARY = ("Vary", "Origin")
_EXPOSED = ("Access-Control-Expose-Headers", "Retry-After")
_PREFLIGHT: Headers = [
    ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "authorization, content-type, content-encoding, x-retry-count"),
    ("Access-Control-Max-Age", "600"),
]


def origin_of(environ: dict[str, Any]) -> str:
    """Empty where no browser asks."""
    return str(environ.get("HTTP_ORIGIN", ""))


def check_origin(origin: str, key: LiveKey) -> None:
    """Raises RequestNotTaken for a page that the key does not name."""
    if origin and origin not in key.origins:
        raise not_allowed(origin)


def permission(origin: str, ring: KeyRing) -> Answer:
    """The answer to a browser that asks before it sends. It does not say yet with which key."""
    if not origin or not ring.may_any(origin):
        raise not_allowed(origin)
    return Answer(PERMITTED.status, headers=_PREFLIGHT)


def sharing(origin: str, ring: KeyRing) -> Headers:
    """Lets the page read the answer, where any key names its origin."""
    if not origin:
        return []
    return [_VARY, *([("Access-Control-Allow-Origin", origin), _EXPOSED] if ring.may_any(origin) else [])]


def not_allowed(origin: str) -> RequestNotTaken:
    words = f"pages of {origin[:100] or 'no origin'} may not send with this write key: add the origin to it"
    return RequestNotTaken(403, "origin_not_allowed", words)
