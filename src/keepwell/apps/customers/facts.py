"""The accounts dataset in the lake, as an upsert changes it: the next run scores from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from keepwell.definitions.datasets import Dataset
from keepwell.definitions.project import Project
from keepwell.errors import RequestRefused
from keepwell.lake.place import FACTS, Lake
from keepwell.lake.tables.table import LOAD_ID, LakeTable

FIELDS = {
    "name": "name", "parent_id": "parent", "csm": "owner", "stage": "stage", "arr": "arr", "started_on": "started_at",
    "renews_on": "renews_on",
}  # fmt: skip
"""What the API calls a field, and the part of the dataset that says which column holds it."""


class AccountFacts:
    """Rows of the accounts dataset by account id. Raises RequestRefused where the lake does not hold it."""

    def __init__(self, project: Project | None) -> None:
        found = project.with_role("accounts") if project else None
        if found is None:
            raise RequestRefused("no accounts dataset is defined: publish definitions first")
        name, self.dataset = found
        self.table: LakeTable = Lake(Path(settings.ENVIRONMENT.data_dir) / "lake").table(FACTS + name)
        if not self.table.exists:
            raise RequestRefused(f"the lake does not hold '{name}' yet: load it once with `keepwell load`")
        self.schema = pa.schema([field for field in self.table.schema() if field.name != LOAD_ID])
        self.key = self.dataset.key or "id"

    def cells(self, given: Mapping[str, Any], attributes: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """For each part of a row its place, column and value as the lake keeps it. Raises CellRefused."""
        for field, value in given.items():
            column = column_of(self.dataset, field)
            yield field, column, self._value(field, column, value)
        for column, value in attributes.items():
            if column == self.key or column not in self.schema.names:
                raise CellRefused(
                    f"attributes.{column}", f"the accounts dataset has no such column; it has {self._known()}"
                )
            yield f"attributes.{column}", column, self._value(f"attributes.{column}", column, value)

    def write(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Puts cells into the rows of their accounts and adds rows for new ones, in one commit."""
        held = self.table.read(columns=self.schema.names)
        named = pc.is_in(held[self.key].cast(pa.string()), value_set=pa.array(list(rows), pa.string()))
        before = {str(row[self.key]): row for row in held.filter(named).to_pylist()}
        empty = dict.fromkeys(self.schema.names)
        changed = [{**empty, **before.get(key, {}), self.key: key, **cells} for key, cells in rows.items()]
        new = pa.Table.from_pylist(changed, schema=self.schema)
        if self.dataset.changed_at:
            self.table.append(self._dated(new))
        else:
            self.table.replace({}, pa.concat_tables([held.filter(pc.invert(named)), new]))

    def _dated(self, rows: pa.Table) -> pa.Table:
        """Where several rows a key are kept, the new ones are of now."""
        at = self.schema.get_field_index(str(self.dataset.changed_at))
        now = pa.array([datetime.now(UTC).replace(tzinfo=None)] * rows.num_rows).cast(
            self.schema.field(at).type, safe=False
        )
        return rows.set_column(at, self.schema.field(at), now)

    def _value(self, place: str, column: str, value: Any) -> Any:
        if column not in self.schema.names:
            raise CellRefused(place, f"the accounts dataset has no column for it; it has {self._known()}")
        kind = self.schema.field(column).type
        try:
            plain = _plain(value, kind)
            pa.array([plain], kind)
        except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError, TypeError, OverflowError):
            raise CellRefused(place, f"{value!r} does not fit the column '{column}', which holds {kind}") from None
        return plain

    def _known(self) -> str:
        return ", ".join(name for name in self.schema.names if name != self.key)


class CellRefused(Exception):
    """One part of a row cannot be kept."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place


def column_of(dataset: Dataset, field: str) -> str:
    """The column in which the dataset keeps a field. Raises CellRefused where it keeps none."""
    column = getattr(dataset, FIELDS[field])
    if not column:
        raise CellRefused(
            field, f"the accounts dataset names no column as '{FIELDS[field]}'; name one in its definition"
        )
    return str(column)


def _plain(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return value.isoformat() if isinstance(value, date) else str(value)
    if pa.types.is_date(kind):
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if pa.types.is_timestamp(kind):
        return _moment(value)
    if pa.types.is_boolean(kind) != isinstance(value, bool):
        raise ValueError
    if pa.types.is_integer(kind):
        if float(value) != int(value):
            raise ValueError
        return int(value)
    return value


def _moment(value: Any) -> datetime:
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    found = datetime.fromisoformat(str(value))
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
