"""A door on small data, and usage as the relation that statements read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
import pytest

from keepwell.lake.warehouse import DuckDBWarehouse
from keepwell.lake.warehouse.statements import Statements

SCHEMA = pa.schema(
    [
        ("account", pa.string()),
        ("person", pa.string()),
        ("event", pa.string()),
        ("feature", pa.string()),
        ("day", pa.date32()),
        ("moment", pa.timestamp("us")),
        ("events", pa.int64()),
    ]
)
Use = Callable[..., Statements]


@pytest.fixture
def door() -> Iterator[Statements]:
    with DuckDBWarehouse(threads=1) as warehouse:
        yield Statements(warehouse)


@pytest.fixture
def use(door: Statements) -> Use:
    """Rows of (person, day) with any of account, event, feature, moment and events."""

    def taken(*rows: dict[str, Any]) -> Statements:
        door.take("kw_usage", relation(rows))
        return door

    return taken


def relation(rows: Any) -> pa.Table:
    whole = [{"account": "a", "event": "used", "feature": None, "events": 1, **row} for row in rows]
    for row in whole:
        row.setdefault("moment", datetime.combine(row["day"], time(12)))
    return pa.Table.from_pylist(whole, schema=SCHEMA)


def row(person: str, day: date, **more: Any) -> dict[str, Any]:
    return {"person": person, "day": day, **more}
