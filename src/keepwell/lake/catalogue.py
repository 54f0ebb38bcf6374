"""What is in the lake: schema, size and freshness of every table, derived from the Delta logs and kept nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.lake.place import Lake
from keepwell.lake.statements import quoted
from keepwell.lake.tables import LakeTable


@dataclass(frozen=True)
class TableDescription:
    """One table as it is now. `columns`: name -> Arrow type as text; `size`: bytes of the active files.

    `newest_occurred_at`, `newest_recorded_at`: largest values of the layout's columns, None without such a column or
    value. `loaded_at`: when rows last came in (UTC), None where the log no longer says. `version` and `load_id` as of
    this description.
    """

    name: str
    columns: Mapping[str, str]
    partitions: tuple[str, ...]
    rows: int
    files: int
    size: int
    version: int
    load_id: int
    loaded_at: datetime | None
    newest_occurred_at: datetime | date | None
    newest_recorded_at: datetime | date | None


class Catalogue:
    """The tables of a lake."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def describe(self) -> list[TableDescription]:
        """Every table, by name."""
        return [self.describe_table(name) for name in self._lake.names()]

    def describe_table(self, name: str) -> TableDescription:
        """One table. A table never written has no columns, no rows and version -1."""
        table = self._lake.table(name)
        schema, statistics, layout = table.schema(), table.statistics(), table.layout
        return TableDescription(
            name=name,
            columns={field.name: str(field.type) for field in schema},
            partitions=layout.partitions,
            rows=_total(statistics, "num_records"),
            files=statistics.num_rows,
            size=_total(statistics, "size_bytes"),
            version=table.version,
            load_id=table.load_id,
            loaded_at=_loaded_at(table),
            newest_occurred_at=_newest(table, layout.occurred_at, schema, statistics),
            newest_recorded_at=_newest(table, layout.recorded_at, schema, statistics),
        )


def _total(statistics: pa.Table, column: str) -> int:
    return int(pc.sum(statistics[column]).as_py() or 0) if column in statistics.column_names else 0


def _loaded_at(table: LakeTable) -> datetime | None:
    commits = (commit for commit in table.history(limit=200) if "keepwell.load_id" in commit)
    newest = next(commits, None)
    return datetime.fromtimestamp(newest["timestamp"] / 1000, UTC) if newest else None


def _newest(table: LakeTable, column: str | None, schema: pa.Schema, statistics: pa.Table) -> datetime | date | None:
    """From the files' statistics (milliseconds for times); by reading the column where a file has none."""
    if column is None or column not in schema.names or not statistics.num_rows:
        return None
    if f"max.{column}" in statistics.column_names:
        filled = pc.less(statistics[f"null_count.{column}"], statistics["num_records"])
        known = pc.is_valid(statistics[f"max.{column}"])
        if pc.all(pc.or_kleene(known, pc.invert(filled))).as_py():
            return _value(pc.max(statistics[f"max.{column}"]).as_py())
    found = table.read(columns=[column], where=f"{quoted(column)} is not null")
    return _value(pc.max(found[column]).as_py())


def _value(found: object) -> datetime | date | None:
    return found if isinstance(found, date) else None
