"""How a table lies on disk. It is written into the table itself, so that whoever opens it by name finds it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.errors import DataRefused


@dataclass(frozen=True)
class TableLayout:
    """`partition_by`: columns that split the table into folders (text, number or date columns).

    `month_of`: a date or timestamp column whose month (UTC, text 'YYYY-MM', null for null) is added as the column
    `<month_of>_month` and partitioned by as well. `sort_by`: the order of rows after compaction.
    `occurred_at`, `recorded_at`: the columns freshness is read from. `log_days`: how long past versions can be read of
    a table that is written every second (None: thirty days); it counts when the table is first written.
    """

    partition_by: tuple[str, ...] = ()
    month_of: str | None = None
    sort_by: tuple[str, ...] = ()
    occurred_at: str | None = "occurred_at"
    recorded_at: str | None = "recorded_at"
    log_days: int | None = None

    @property
    def configuration(self) -> dict[str, str]:
        """What Delta is told of it."""
        kept = {} if self.log_days is None else {"delta.logRetentionDuration": f"interval {self.log_days} days"}
        return {"delta.checkpointInterval": "100", **kept}

    @property
    def month_column(self) -> str | None:
        """The name of the added month column."""
        return f"{self.month_of}_month" if self.month_of else None

    @property
    def partitions(self) -> tuple[str, ...]:
        """All partition columns, the declared ones first."""
        return (*self.partition_by, self.month_column) if self.month_column else self.partition_by

    def with_month(self, rows: pa.Table) -> pa.Table:
        """The rows with their month column. Raises DataRefused where the column to take it from is missing."""
        if not self.month_of or not self.month_column:
            return rows
        if self.month_of not in rows.column_names:
            raise DataRefused(f"no column '{self.month_of}', by whose month the table is partitioned")
        days = rows[self.month_of]
        empty = pa.types.is_null(days.type)
        month = days.cast(pa.string()) if empty else pc.strftime(days, format="%Y-%m").cast(pa.string())
        return _with_column(rows, self.month_column, month)

    def to_json(self) -> str:
        """As kept in the table's description."""
        return json.dumps(
            {
                "partition_by": self.partition_by,
                "month_of": self.month_of,
                "sort_by": self.sort_by,
                "occurred_at": self.occurred_at,
                "recorded_at": self.recorded_at,
            }
        )


def layout_from(description: str | None, partition_columns: list[str]) -> TableLayout:
    """The layout a table was written with; for one that another program wrote, its partition columns."""
    try:
        kept: dict[str, Any] = json.loads(description or "")
        return TableLayout(**{k: tuple(v) if isinstance(v, list) else v for k, v in kept.items()})  # type: ignore[arg-type]
    except (ValueError, TypeError, AttributeError):
        return TableLayout(partition_by=tuple(partition_columns))


def _with_column(rows: pa.Table, name: str, values: Any) -> pa.Table:
    rows = rows.drop_columns([name]) if name in rows.column_names else rows
    return rows.append_column(name, values)
