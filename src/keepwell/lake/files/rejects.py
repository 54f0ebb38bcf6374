"""Rows that cannot be used: kept aside with file, line and reason, and said in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv

_TYPES: Mapping[str, pa.DataType] = {
    "file": pa.string(),
    "line": pa.int64(),
    "column": pa.string(),
    "reason": pa.string(),
    "text": pa.string(),
}
SCHEMA = pa.schema(_TYPES)
_VALUE_LENGTH = 40
_NOUNS = {
    "number": "a number",
    "boolean": "true or false",
    "date": "a date (year-month-day)",
    "timestamp": "a time (year-month-day hour:minute)",
    "time": "a date or a time (year-month-day, or with hour:minute)",
}


class Reject(NamedTuple):
    """One rejected row: `line` counts from 1 with the header (in Parquet, the row); `text` is the row as it stood."""

    file: str
    line: int | None
    column: str | None
    reason: str
    text: str | None


def rejects_table(rejects: Iterable[Reject]) -> pa.Table:
    """Rejected rows as Arrow, by file and line."""
    rows = sorted(rejects, key=lambda row: (row.file, row.line or 0))
    return pa.Table.from_pylist([row._asdict() for row in rows], schema=SCHEMA)


def misfit_reason(value: str, kind: str) -> str:
    """Why a value cannot stand in a column of this kind (a kind or a strptime format)."""
    shown = value if len(value) <= _VALUE_LENGTH else value[: _VALUE_LENGTH - 1] + "…"
    return f"{shown!r} is not {_NOUNS.get(kind, f'of the form {kind}')}"


def write_rejects(path: Path, rejects: pa.Table) -> None:
    """Writes rejected rows as CSV: file, line, column, reason, and the original text of the row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.csv.write_csv(rejects, path)


def describe_rejects(rejects: pa.Table, *, limit: int = 5) -> list[str]:
    """The first rejected rows as sentences, and one that counts the rest."""
    sentences = [_sentence(Reject(**row)) for row in rejects.slice(0, limit).to_pylist()]
    rest = rejects.num_rows - limit
    return [*sentences, f"and {rest} more rejected row{'s' if rest > 1 else ''}"] if rest > 0 else sentences


def _sentence(row: Reject) -> str:
    place = f"{row.file} line {row.line}" if row.line is not None else row.file
    return f"{place}: {row.column}: {row.reason}" if row.column else f"{place}: {row.reason}"
