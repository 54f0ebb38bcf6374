"""Signatures of outgoing webhooks, as https://www.standardwebhooks.com says: who has the secret can tell that a call
is ours, is not old, and was not changed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from keepwell.apps.notices.channels.secrets import PREFIX


def signed_headers(message_id: str, body: bytes, signing: Iterable[str], now: datetime) -> dict[str, str]:
    """One signature a secret, so that both sides need not change it at the same moment."""
    moment = str(int(now.timestamp()))
    signatures = " ".join(_signature(secret, message_id, moment, body) for secret in signing)
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": signatures}


def _signature(secret: str, message_id: str, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{message_id}.{moment}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"
