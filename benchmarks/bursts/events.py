"""Events as Segment's client for Python writes them."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any


def batch(number: int) -> list[dict[str, Any]]:
    """So many tracks of now, with ids of their own."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    library = {"name": "analytics-python", "version": "2.4.0"}
    return [
        {
            "integrations": {}, "anonymousId": None, "properties": {"i": one, "feature": f"f{one % 13}"},
            "timestamp": now, "context": {"groupId": f"acct-{one % 4999}", "library": library},
            "userId": f"user-{one % 24989}", "type": "track", "event": "Feature Used", "messageId": str(uuid.uuid4()),
        }
        for one in range(number)
    ]  # fmt: skip


def request(key: str, number: int) -> bytes:
    """The body of a request with a batch."""
    return json.dumps({"batch": batch(number), "sentAt": datetime.now(UTC).isoformat(), "writeKey": key}).encode()


def lines(events: list[dict[str, Any]]) -> bytes:
    """The same as COPY reads it: one row an event."""
    rows = (
        (one["messageId"], one["type"], one["event"], one["userId"], one["context"]["groupId"], one["timestamp"])
        for one in events
    )
    return "".join("\t".join(row) + "\n" for row in rows).encode()
