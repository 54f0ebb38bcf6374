"""What a load of raw files leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from keepwell.lake.statements import quoted

FILE = "kw_file"


@dataclass(frozen=True)
class LoadedFiles:
    """Files as a relation in DuckDB: `relation` is its name there, `columns` name -> DuckDB type.

    `rows` counts what was accepted. `rejects` is an Arrow table file, line, column, reason, text.
    `empty_columns` hold nothing but nulls, so that their type (VARCHAR unless declared) says nothing.
    `by_file`: a SELECT of the same rows with the path of their file as FILE; None where they were copied.
    """

    dataset: str
    relation: str
    columns: Mapping[str, str]
    rows: int
    rejects: pa.Table
    files: tuple[Path, ...]
    empty_columns: frozenset[str] = frozenset()
    by_file: str | None = None


def forget(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Drops what `read_files` registered under this name, if anything."""
    for sort in ("view", "table"):
        with suppress(duckdb.CatalogException):  # it is of the other sort; looking it up takes much longer
            connection.execute(f"drop {sort} if exists temp.{quoted(relation)}")
