"""Parquet files: a view over them, never a copy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.errors import DataRefused
from keepwell.lake.files.layout import header_problems
from keepwell.lake.files.source import FileSource
from keepwell.lake.statements import literal, rows


class ParquetFiles:
    """The Parquet files of one source, columns joined by name."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: FileSource, paths: Sequence[Path]) -> None:
        self._connection = connection
        self._source = source
        self._paths = paths
        self.columns = self._describe()
        problems = header_problems(source, ", ".join(source.shown(path) for path in paths[:3]), list(self.columns))
        if problems:
            raise DataRefused(*problems)

    def staging(self) -> str:
        """SQL of the relation."""
        return f"(select * from {self._read()})"

    def numbered(self) -> str:
        """The same with the columns `__file` and `__row` (from 1)."""
        return f"(select *, filename as __file, file_row_number + 1 as __row from {self._read(numbered=True)})"

    def shown(self, file: str) -> str:
        """A file's name below the data folder."""
        return self._source.shown(Path(file))

    def _read(self, *, numbered: bool = False) -> str:
        files = ", ".join(literal(str(path)) for path in self._paths)
        more = ", filename=true, file_row_number=true" if numbered else ""
        return f"read_parquet([{files}], union_by_name=true{more})"

    def _describe(self) -> dict[str, str]:
        try:
            found = rows(self._connection, f"describe select * from {self._read()}")
        except duckdb.Error as error:
            raise DataRefused(*(self._broken() or [f"{self._source.dataset}: {_first_line(error)}"])) from None
        return {row[0]: row[1] for row in found}

    def _broken(self) -> list[str]:
        problems = []
        for path in self._paths:
            try:
                pq.read_schema(path)
            except (pa.ArrowException, OSError) as error:
                problems.append(f"{self._source.shown(path)}: not a readable Parquet file ({_first_line(error)})")
        return problems


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200]
