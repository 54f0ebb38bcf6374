"""The write key of a request: clients put it in a header, in the body, or in both."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from keepwell.apps.usage.ingestion.keys import KeyRing, LiveKey
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken


def live_key(ring: KeyRing, environ: dict[str, Any], in_body: str | None) -> LiveKey:
    """The first that is known, of header and body. Raises RequestNotTaken: 401, or 503 where nobody can tell."""
    said = [key for key in (key_of_header(str(environ.get("HTTP_AUTHORIZATION", ""))), in_body) if key]
    if not said:
        raise RequestNotTaken(401, "no_write_key", "no write key was sent: give it as the user of Basic authorization")
    for key in dict.fromkeys(said):
        found = ring.find(key)
        if found is not None:
            return found
    raise RequestNotTaken(401, "invalid_write_key", "this write key is unknown, or was revoked")


def key_of_header(text: str) -> str | None:
    """The user of `Basic`, or what `Bearer` bears."""
    scheme, _, rest = text.strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0] or None
    except (binascii.Error, UnicodeDecodeError):
        return None
