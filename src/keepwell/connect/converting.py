"""Rows of a source as rows of a dataset: values of declared types, or the row refused with its reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from keepwell.connect.document import DELETED_AT, DeletedIf, SyncDocument
from keepwell.connect.rows import as_objects, value_at
from keepwell.connect.spec import REFUSED, TEXT, Page
from keepwell.connect.times import as_time, newest

_UTC = pa.timestamp("us", "UTC")
ARROW = {
    "text": pa.string(), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_(), "date": pa.date32(),
    "time": _UTC,
}  # fmt: skip
_NOUNS = {
    "number": "a number", "integer": "a whole number", "boolean": "true or false",
    "date": "a date (year-month-day)", "time": "a time (year-month-day hour:minute, or seconds since 1970)",
}  # fmt: skip
_TRUE, _FALSE = frozenset({"true", "yes", "t", "y", "1"}), frozenset({"false", "no", "f", "n", "0"})
_SHOWN = 60


@dataclass(frozen=True)
class Refusal:
    """One row that does not fit. `row` counts from 1 over the whole reading."""

    row: int
    column: str
    reason: str
    text: str


@dataclass
class Converter:
    """Converts page after page and remembers how many rows there were and how far the cursor went."""

    document: SyncDocument
    now: datetime
    zone: tzinfo = UTC
    read: int = 0
    cursor: Any = None
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.document.time_zone:
            self.zone = ZoneInfo(self.document.time_zone)
        self.schema = schema_of(self.document)
        self._into: dict[str, Callable[[Any], Any]] = {
            name: _CONVERT[one.type](self.zone) for name, one in self.document.columns.items()
        }

    def convert(self, page: Page) -> tuple[pa.Table, list[Refusal]]:
        """The rows that fit, and those that do not."""
        columns: dict[str, list[Any]] = {name: [] for name in self.schema.names}
        refused = []
        for row in as_objects(page):
            self.read += 1
            values, refusal = self._row(row)
            if refusal is not None:
                refused.append(refusal)
                continue
            for name, value in values.items():
                columns[name].append(value)
            self._note(row)
        arrays = [pa.array(columns[one.name], one.type) for one in self.schema]
        return pa.Table.from_arrays(arrays, schema=self.schema), refused

    def _row(self, row: Mapping[str, Any]) -> tuple[dict[str, Any], Refusal | None]:
        if REFUSED in row:
            return {}, Refusal(self.read, "", str(row[REFUSED]), str(row.get(TEXT) or ""))
        values: dict[str, Any] = {}
        for name, column in self.document.columns.items():
            given = value_at(row, column.source)
            try:
                values[name] = None if given is None else self._into[name](given)
            except (ValueError, TypeError, OverflowError, ArithmeticError):
                reason = f"{_short(given)} is not {_NOUNS.get(column.type, column.type)}"
                return {}, Refusal(self.read, column.source, reason, _text(row))
        for key in self.document.keys:
            if values[key] is None or values[key] == "":
                return {}, Refusal(
                    self.read, self.document.columns[key].source, f"the key '{key}' is empty", _text(row)
                )
        if DELETED_AT in self.schema.names:
            values[DELETED_AT] = self._deleted_at(row)
        return values, None

    def _deleted_at(self, row: Mapping[str, Any]) -> datetime | None:
        said = self.document.deleted
        if not isinstance(said, DeletedIf):
            return None
        given = value_at(row, said.column)
        if said.values:
            return self.now if str(given) in said.values else None
        if given is None or given is False or str(given).strip().lower() in ("", *_FALSE):
            return None
        try:
            return self.now if given is True else as_time(given, self.zone) if _is_time(given) else self.now
        except ValueError:
            return self.now

    def _note(self, row: Mapping[str, Any]) -> None:
        if self.document.cursor:
            value = value_at(row, self.document.cursor)
            if isinstance(value, datetime | date):
                value = value.isoformat()
            elif isinstance(value, Decimal):
                value = int(value) if value == int(value) else float(value)
            if isinstance(value, str | int | float) and value != "":
                self.cursor = newest(self.cursor, value)


def schema_of(document: SyncDocument) -> pa.Schema:
    """The columns that rows have once they are converted."""
    fields = [(name, ARROW[one.type]) for name, one in document.columns.items()]
    return pa.schema([*fields, (DELETED_AT, _UTC)] if document.deleted else fields)


def _is_time(given: Any) -> bool:
    return isinstance(given, datetime | date) or (isinstance(given, str) and given[:4].isdigit() and "-" in given)


def _as_text(zone: tzinfo) -> Callable[[Any], Any]:
    def convert(given: Any) -> str:
        if isinstance(given, str):
            return given
        if isinstance(given, bool):
            return "true" if given else "false"
        if isinstance(given, float) and given.is_integer():
            return str(int(given))
        if isinstance(given, datetime | date):
            return given.isoformat()
        return json.dumps(given, default=str, ensure_ascii=False) if isinstance(given, list | dict) else str(given)

    return convert


def _as_number(zone: tzinfo) -> Callable[[Any], Any]:
    def convert(given: Any) -> float | None:
        if isinstance(given, bool | list | dict):
            raise ValueError
        if isinstance(given, str):
            given = given.strip()
            if not given:
                return None
        found = float(given)
        if not isfinite(found):
            raise ValueError
        return found

    return convert


def _as_integer(zone: tzinfo) -> Callable[[Any], Any]:
    def convert(given: Any) -> int | None:
        if isinstance(given, bool | list | dict):
            raise ValueError
        if isinstance(given, str):
            given = given.strip()
            if not given:
                return None
            given = Decimal(given)
        found = int(given)
        if found != given or not -(2**63) <= found < 2**63:
            raise ValueError
        return found

    return convert


def _as_boolean(zone: tzinfo) -> Callable[[Any], Any]:
    def convert(given: Any) -> bool | None:
        said = str(given).strip().lower()
        if said in _TRUE or said in _FALSE:
            return said in _TRUE
        if said:
            raise ValueError
        return None

    return convert


def _as_date(zone: tzinfo) -> Callable[[Any], Any]:
    def convert(given: Any) -> date | None:
        if isinstance(given, datetime):
            return given.astimezone(zone).date() if given.tzinfo else given.date()
        if isinstance(given, date):
            return given
        if isinstance(given, bool | list | dict):
            raise ValueError
        if isinstance(given, int | float):
            return as_time(given).astimezone(zone).date()
        text = str(given).strip()
        if not text:
            return None
        return date.fromisoformat(text) if len(text) <= 10 else as_time(text, zone).astimezone(zone).date()

    return convert


def _as_moment(zone: tzinfo) -> Callable[[Any], Any]:
    def convert(given: Any) -> datetime | None:
        if isinstance(given, list | dict):
            raise ValueError
        return None if isinstance(given, str) and not given.strip() else as_time(given, zone)

    return convert


_CONVERT: dict[str, Callable[[tzinfo], Callable[[Any], Any]]] = {
    "text": _as_text, "number": _as_number, "integer": _as_integer, "boolean": _as_boolean, "date": _as_date,
    "time": _as_moment,
}  # fmt: skip


def _short(given: Any) -> str:
    text = str(given)
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _text(row: Mapping[str, Any]) -> str:
    return json.dumps(row, default=str, ensure_ascii=False)[:2000]
