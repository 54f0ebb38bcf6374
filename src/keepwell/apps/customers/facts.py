"""The accounts dataset in the lake, as an upsert changes it: the next run scores from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.customers.lake_writes import APPLICATION, lake_table, register_writer, write_after_commit
from keepwell.definitions.datasets import Dataset
from keepwell.definitions.project import Project
from keepwell.errors import RequestRefused
from keepwell.lake.place import FACTS
from keepwell.lake.tables.table import LOAD_ID, LakeTable

_ROWS = "rows"
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
        self.name = FACTS + name
        table = lake_table(self.name)
        if not table.exists:
            raise RequestRefused(f"the lake does not hold '{name}' yet: load it once with `keepwell load`")
        self.schema = _schema(table)
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

    def typed(self, column: str, text: str) -> Any:
        """What somebody typed, as JSON has the cell of a column that is no field of its own. Raises CellRefused."""
        own = {getattr(self.dataset, part) for part in FIELDS.values()} | {self.key}
        if column in own or column not in self.schema.names:
            known = ", ".join(name for name in self.schema.names if name not in own) or "none"
            raise CellRefused(column, f"there is no attribute '{column}' to set; there are: {known}")
        kind = self.schema.field(column).type
        return _text(self._value(column, column, _read(text, kind)))

    def write_after_commit(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Cells for the rows of their accounts, and rows for new ones, in one commit of the lake."""
        cells = {account: {name: _text(cell) for name, cell in row.items()} for account, row in rows.items()}
        content = {"key": self.key, "changed_at": self.dataset.changed_at, "rows": cells}
        write_after_commit(table=self.name, kind=_ROWS, content=content)

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


def write_rows(table: LakeTable, content: Mapping[str, Any], recorded_at: datetime, number: int) -> None:
    """Puts the cells of a LakeWrite into the rows of their accounts; other cells stay as they are."""
    key, changed_at, rows = content["key"], content["changed_at"], content["rows"]
    noted = table.application_version(APPLICATION)
    if noted is not None and noted >= number:
        return
    schema = _schema(table)
    held = table.read(columns=schema.names)
    named = pc.is_in(held[key].cast(pa.string()), value_set=pa.array(list(rows), pa.string()))
    before = {str(row[key]): row for row in held.filter(named).to_pylist()}
    empty = dict.fromkeys(schema.names)
    changed = [{**empty, **before.get(one, {}), key: one, **_cells(cells, schema)} for one, cells in rows.items()]
    new = pa.Table.from_pylist(changed, schema=schema)
    if changed_at:
        table.append(_dated(new, changed_at, recorded_at), application=(APPLICATION, number))
    else:
        table.replace({}, pa.concat_tables([held.filter(pc.invert(named)), new]), application=(APPLICATION, number))


def register() -> None:
    register_writer(_ROWS, write_rows)


def _schema(table: LakeTable) -> pa.Schema:
    return pa.schema([field for field in table.schema() if field.name != LOAD_ID])


def _cells(cells: Mapping[str, Any], schema: pa.Schema) -> dict[str, Any]:
    return {name: _plain(cell, schema.field(name).type) for name, cell in cells.items()}


def _dated(rows: pa.Table, changed_at: str, recorded_at: datetime) -> pa.Table:
    """Where several rows a key are kept, the new ones are of when they were recorded."""
    at = rows.schema.get_field_index(changed_at)
    moment = recorded_at.astimezone(UTC).replace(tzinfo=None)
    moments = pa.array([moment] * rows.num_rows).cast(rows.schema.field(at).type, safe=False)
    return rows.set_column(at, rows.schema.field(at), moments)


def _text(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell


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


def _read(text: str, kind: pa.DataType) -> Any:
    """Text as a value that may fit the column; empty is null."""
    if not text:
        return None
    if pa.types.is_boolean(kind):
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        try:
            return float(text)
        except ValueError:
            return text
    return text


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
