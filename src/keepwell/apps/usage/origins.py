"""Origins as browsers name them."""

from __future__ import annotations

from urllib.parse import urlsplit

from keepwell.errors import FieldRefused

_USUAL = {"http": 80, "https": 443}


def origin(text: str) -> str:
    """As a browser sends it: in lower case, without the usual port. Raises FieldRefused for anything but an origin."""
    text = text.strip()
    refused = FieldRefused(
        "origins", f"'{text[:60]}' is no origin: write scheme and host alone, such as https://app.example.com"
    )
    try:
        parts = urlsplit(text.lower())
        port = parts.port
    except ValueError:
        raise refused from None
    beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    host = parts.hostname or ""
    if parts.scheme not in _USUAL or not host or beyond or "*" in host or not text.isascii() or " " in text:
        raise refused
    named = f"[{host}]" if ":" in host else host
    found = f"{parts.scheme}://{named}" + (f":{port}" if port and port != _USUAL[parts.scheme] else "")
    if len(found) > 200:
        raise refused
    return found
