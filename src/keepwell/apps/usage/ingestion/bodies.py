"""The body of a request: bounded, unpacked, readable."""

from __future__ import annotations

import re
import zlib
from typing import Any

from keepwell.apps.usage.ingestion.refusals import RequestNotTaken

LARGEST = 4 * 1024 * 1024
"""Bytes of a request, packed and unpacked: what the most generous of the clients sends at once."""
_WASTED = 32 * 1024 * 1024
_GZIP, _EITHER_ZLIB, _BARE = 31, 15, -15
_UNREADABLE = re.compile(
    rb"(?<!\\)((?:\\\\)*)\\u(?:0000|[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_PAIR = 12
_UNPACKED = frozenset({"", "identity"})


def read_body(environ: dict[str, Any]) -> bytes:
    """What was sent, unpacked. Raises RequestNotTaken."""
    body = _received(environ)
    coding = str(environ.get("HTTP_CONTENT_ENCODING", "")).strip().lower()
    if coding not in _UNPACKED and coding not in ("gzip", "x-gzip", "deflate"):
        words = f"Content-Encoding {coding[:40]!r} is not understood: send gzip, deflate or neither"
        raise RequestNotTaken(415, "unsupported_encoding", words)
    if body.startswith(b"\x1f\x8b"):
        body = _unpacked(body, _GZIP)
    elif coding == "deflate" and not body.lstrip().startswith((b"{", b"[")):
        body = _inflated(body)
    return body.removeprefix(b"\xef\xbb\xbf")


def mended(body: bytes) -> bytes:
    """Zero characters and halves of surrogate pairs are no text: each becomes the sign for what cannot be read."""

    def mend(match: re.Match[bytes]) -> bytes:
        before, whole = match.group(1), match.group(0)
        return whole if len(whole) - len(before) == _PAIR else before + rb"\ufffd"

    return _UNREADABLE.sub(mend, body)


def _received(environ: dict[str, Any]) -> bytes:
    stream = environ["wsgi.input"]
    length = str(environ.get("CONTENT_LENGTH") or "")
    if length.isdigit() and int(length) > LARGEST:
        _waste(stream, min(int(length), _WASTED))
        raise too_large()
    body: bytes = stream.read(LARGEST + 1)
    while len(body) <= LARGEST and (more := stream.read(LARGEST + 1 - len(body))):
        body += more
    if len(body) > LARGEST:
        _waste(stream, _WASTED)
        raise too_large()
    if length.isdigit() and len(body) < int(length):
        raise RequestNotTaken(400, "incomplete", "the request ended before its body did")
    return body


def _waste(stream: Any, most: int) -> None:
    """A client that still sends does not read the answer."""
    while most > 0 and (read := stream.read(min(most, 1 << 16))):
        most -= len(read)


def _inflated(body: bytes) -> bytes:
    try:
        return _unpacked(body, _EITHER_ZLIB)
    except RequestNotTaken as refusal:
        if refusal.status != 400:
            raise
    return _unpacked(body, _BARE)


def _unpacked(body: bytes, window: int) -> bytes:
    """No more than is allowed is ever unpacked, whatever the packed bytes promise."""
    found = bytearray()
    while body:
        unpacker = zlib.decompressobj(window)
        try:
            found += unpacker.decompress(body, LARGEST + 1 - len(found))
        except zlib.error:
            raise RequestNotTaken(400, "not_gzip", "the body cannot be unpacked: it is broken, or cut off") from None
        if len(found) > LARGEST:
            raise too_large()
        if not unpacker.eof:
            raise RequestNotTaken(400, "not_gzip", "the packed body is cut off")
        body = unpacker.unused_data.lstrip(b"\x00")
    return bytes(found)


def too_large() -> RequestNotTaken:
    words = f"a request has at most {LARGEST // 1024**2} MB, unpacked too: send smaller batches"
    return RequestNotTaken(413, "too_large", words)
