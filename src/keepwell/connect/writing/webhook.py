"""Rows posted as JSON, signed: whoever has the secret can tell that they are ours, and that they are not old."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Sequence

from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Setting, Settings, SourceRefused
from keepwell.connect.writing.target import Delivery, Refusals, Row, TargetSpec

SPEC = TargetSpec(
    "webhook", "Webhook", "JSON by POST, five hundred rows a call, signed with a secret.", (),
    (
        Setting("url", "Address", "Where it is posted, with https."),
        Setting("secret", "Secret", "At least 16 characters; the other side checks signatures with it.", secret=True),
    ),
    at_once=500,
)  # fmt: skip


def write(connection: Settings, options: Settings, door: Door, rows: Sequence[Row], delivery: Delivery) -> Refusals:
    said = {
        "delivery": delivery.key,
        "export": delivery.export,
        "sent_at": delivery.at,
        "rows": [dict(r) for r in rows],
    }
    body = json.dumps(said, default=str, ensure_ascii=False, separators=(",", ":")).encode()
    moment = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "Keepwell-Delivery": delivery.key,
        "Keepwell-Timestamp": moment,
        "Keepwell-Signature": f"v1={signature(options['secret'], moment, body)}",
    }
    answer = door.session().post(options["url"], data=body, headers=headers, allow_redirects=False)
    if not 200 <= answer.status_code < 300:
        passing = answer.status_code == 429 or answer.status_code >= 500
        raise SourceRefused(f"the webhook answered {answer.status_code}", passing=passing)
    yield from ()


def signature(secret: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 over the time and the body, a dot between, as hexadecimal digits."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
