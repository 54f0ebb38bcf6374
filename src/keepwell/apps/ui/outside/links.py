"""Links that nobody guesses: made of the installation's secret and a random key, so that they can be made again when
a letter is written, and kept as hashes alone, so that who reads the database cannot use them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

_BYTES = 20  # 160 bits
SHAPE = re.compile(r"[A-Za-z0-9_-]{27}")


@dataclass(frozen=True)
class Links:
    """`purpose`: what they are for; the same key makes another link for another purpose."""

    purpose: str

    def token_of(self, key: UUID) -> str:
        """27 characters that stand in an address."""
        return base64.urlsafe_b64encode(self.digest(b"link:" + key.bytes)[:_BYTES]).decode().rstrip("=")

    def keyed_hash(self, kind: str, text: str) -> str:
        """40 characters that stand for what somebody sent, without keeping it."""
        return self.digest(f"{kind}:{text}".encode()).hex()[:40]

    def digest(self, content: bytes) -> bytes:
        secret = hmac.digest(settings.SECRET_KEY.encode(), self.purpose.encode(), hashlib.sha256)
        return hmac.digest(secret, content, hashlib.sha256)


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def looked_for(token: str) -> str:
    """What to look for: what cannot be a token is looked for like any other, so that it takes as long."""
    return hash_of(token if SHAPE.fullmatch(token) else "")
