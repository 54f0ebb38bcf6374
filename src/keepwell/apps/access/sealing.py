"""Secrets at rest: encrypted with a key made of the installation's, one for each purpose; opened only to be used."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings

from keepwell.errors import RequestRefused

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def sealed(secrets: Mapping[str, str], purpose: str) -> str:
    """As the database keeps them; nothing for none."""
    kept = {name: value for name, value in secrets.items() if value}
    return _fernet(purpose).encrypt(json.dumps(kept).encode()).decode() if kept else ""


def opened(kept: str, purpose: str) -> dict[str, str]:
    """Raises RequestRefused where they were sealed with another key."""
    if not kept:
        return {}
    from cryptography.fernet import InvalidToken

    try:
        found: dict[str, str] = json.loads(_fernet(purpose).decrypt(kept.encode()))
        return found
    except InvalidToken:
        raise RequestRefused(
            "the secrets were encrypted with another KEEPWELL_SECRET_KEY: bring that key back, or enter them again"
        ) from None


def _fernet(purpose: str) -> Fernet:
    from cryptography.fernet import Fernet

    key = hmac.digest(settings.SECRET_KEY.encode(), f"keepwell: {purpose}".encode(), hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
