"""Files that grow block by block: Parquet and CSV, one writer for each name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

_QUOTES = pacsv.WriteOptions(quoting_style="needed")


class Files:
    """Open files below a folder; tables given under one name are appended to it in the order they come."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: Counter[str] = Counter()
        self._writers: dict[str, pq.ParquetWriter | pacsv.CSVWriter] = {}

    def __enter__(self) -> Files:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for writer in self._writers.values():
            writer.close()

    def append(self, tables: dict[str, pa.Table]) -> None:
        for name, table in tables.items():
            plain = _plain(table)
            if name not in self._writers:
                self._writers[name] = _open(self.folder / name, plain.schema)
            self._writers[name].write_table(plain)
            self.rows[name] += plain.num_rows


def write_parts(path: Path, tables: Iterable[pa.Table]) -> int:
    """One Parquet file with a row group for each table; returns the rows. Without tables there is no file."""
    writer, rows = None, 0
    try:
        for table in tables:
            writer = writer or pq.ParquetWriter(path, table.schema, store_schema=False)
            writer.write_table(table)
            rows += table.num_rows
    finally:
        if writer is not None:
            writer.close()
    return rows


def _open(path: Path, schema: pa.Schema) -> pq.ParquetWriter | pacsv.CSVWriter:
    if path.suffix == ".csv":
        return pacsv.CSVWriter(path, schema, write_options=_QUOTES)
    return pq.ParquetWriter(path, schema)


def _plain(table: pa.Table) -> pa.Table:
    """Dictionary columns as the text they stand for, so that all blocks share one schema."""
    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))
