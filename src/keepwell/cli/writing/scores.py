"""Score files: tidy rows as Parquet, CSV or JSON, by the ending of the name, in bounded memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from keepwell.cli.writing.atomic import whole
from keepwell.engine.tidy import TIDY

Append = Callable[[pa.RecordBatch], None]
ROWS_A_GROUP = 262_144
"""Rows of one Parquet row group: small batches are gathered, so that many dates make one well-packed file."""


@contextmanager
def score_file(path: Path) -> Iterator[Append]:
    """Gives a function that appends tidy rows; the file appears when the block ends well."""
    writer = _WRITERS[path.suffix.lower()]
    with whole(path) as unfinished, writer(unfinished) as append:
        yield append


@contextmanager
def _parquet(path: Path) -> Iterator[Append]:
    with pyarrow.parquet.ParquetWriter(path, TIDY, compression="zstd") as writer, _gathered(writer.write_table) as add:
        yield add


@contextmanager
def _gathered(write: Callable[[pa.Table], None]) -> Iterator[Append]:
    waiting: list[pa.RecordBatch] = []

    def add(batch: pa.RecordBatch) -> None:
        waiting.append(batch)
        if sum(len(one) for one in waiting) >= ROWS_A_GROUP:
            write(pa.Table.from_batches(waiting))
            waiting.clear()

    yield add
    if waiting:
        write(pa.Table.from_batches(waiting))


@contextmanager
def _csv(path: Path) -> Iterator[Append]:
    flat = pa.schema([field if field.name != "overrides" else pa.field("overrides", pa.string()) for field in TIDY])
    with pyarrow.csv.CSVWriter(path, flat) as writer:
        yield lambda batch: writer.write(_flat(batch, flat))


def _flat(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """CSV has no lists: names of overrides are joined by semicolons."""
    joined = pc.binary_join(batch["overrides"], ";")
    at = schema.get_field_index("overrides")
    return pa.record_batch([joined if i == at else column for i, column in enumerate(batch.columns)], schema=schema)


@contextmanager
def _json(path: Path) -> Iterator[Append]:
    """One array, with one object a line."""
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        start = "\n"

        def append(batch: pa.RecordBatch) -> None:
            nonlocal start
            for text in _objects(batch):
                file.write(start + text)
                start = ",\n"

        yield append
        file.write("\n]\n")


def _objects(batch: pa.RecordBatch) -> Iterable[str]:
    for row in batch.to_pylist():
        yield json.dumps(row, ensure_ascii=False, allow_nan=False, default=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_WRITERS: dict[str, Callable[[Path], AbstractContextManager[Append]]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".json": _json,
}
