"""Links that nobody guesses: made of the installation's secret and a random key, so that they can be made again for a
reminder, and kept as hashes alone, so that who reads the database cannot answer for anybody."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from uuid import UUID

from django.conf import settings

_PURPOSE = "keepwell: links of surveys"
_BYTES = 20  # 160 bits
SHAPE = re.compile(r"[A-Za-z0-9_-]{27}")


def token_of(key: UUID) -> str:
    """27 characters that stand in an address."""
    return base64.urlsafe_b64encode(_digest(b"link:" + key.bytes)[:_BYTES]).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is kept of a token, and looked for."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_hash(address: str) -> str:
    """What is kept of an address that is not written to any more: keyed, so that it cannot be tried out."""
    return _digest(b"address:" + address.strip().casefold().encode()).hex()


def keyed_hash(kind: str, text: str) -> str:
    """A keyed hash of what a caller sent, for counting calls without keeping it."""
    return _digest(f"{kind}:{text}".encode()).hex()[:40]


def _digest(content: bytes) -> bytes:
    secret = hmac.digest(settings.SECRET_KEY.encode(), _PURPOSE.encode(), hashlib.sha256)
    return hmac.digest(secret, content, hashlib.sha256)
