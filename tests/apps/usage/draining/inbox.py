"""Messages in the inbox, as ingestion leaves them there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pyarrow as pa

from keepwell.apps.usage.draining.writing import table
from keepwell.apps.usage.models import InboxEntry, WriteKey

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def key() -> WriteKey:
    return WriteKey.objects.get_or_create(name="product", defaults={"key": "wk_test"})[0]


def message(number: int, type: str = "track", at: datetime = AT, **more: Any) -> dict[str, Any]:  # noqa: A002
    named = {"event": "Report Exported"} if type == "track" else {}
    return {"id": f"m{number}", "type": type, "at": at.isoformat(timespec="milliseconds"), **named, **more}


def accepted(*messages: dict[str, Any], received_at: datetime = AT) -> InboxEntry:
    """One request."""
    return InboxEntry.objects.create(
        key=key(), messages=len(messages), body=msgspec.json.encode(list(messages)), received_at=received_at
    )


def events(columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    return _rows("keepwell.events", columns, "message_id")


def usage() -> list[dict[str, Any]]:
    return _rows("keepwell.usage_daily", None, "event")


def _rows(name: str, columns: Sequence[str] | None, order: str) -> list[dict[str, Any]]:
    found = table(name)
    rows: pa.Table = found.read() if found.exists else pa.table({order: []})
    chosen = rows.sort_by(order)
    return (chosen.select(list(columns)) if columns else chosen).to_pylist()
