"""Parquet files as a view: declared kinds are checked in passing, nothing is copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from keepwell.errors import DataRefused
from keepwell.lake.files.columnar import ParquetFiles
from keepwell.lake.files.conversion import Conversion, as_it_stands, fallback, fits_kind, format_target, from_text
from keepwell.lake.files.loaded import FILE, LoadedFiles
from keepwell.lake.files.rejects import Reject, misfit_reason, rejects_table
from keepwell.lake.files.source import KINDS, FileSource
from keepwell.lake.statements import only, quoted, rows


def view_files(
    connection: duckdb.DuckDBPyConnection,
    source: FileSource,
    paths: Sequence[Path],
    name: str,
    wanted: frozenset[str] | None,
) -> LoadedFiles:
    """Parquet files as the temporary view `name`; `wanted` limits its columns."""
    reader = ParquetFiles(connection, source, paths)
    conversions = [
        _parquet_conversion(source, column, native)
        for column, native in reader.columns.items()
        if wanted is None or column in wanted
    ]
    misfit = " or ".join(c.misfit for c in conversions if c.misfit)
    values = ", ".join(f"{c.value} as {quoted(c.column)}" for c in conversions)
    keep = f" where not ({misfit})" if misfit else ""
    try:
        connection.execute(
            f"create or replace temp view {quoted(name)} as select {values} from {reader.staging()} raw{keep}"
        )
        rejects = _parquet_rejects(connection, reader, conversions)
        count = int(only(connection, f"select count(*) from {quoted(name)}")[0])
    except duckdb.Error as error:
        raise DataRefused(f"dataset '{source.dataset}': {str(error).strip().splitlines()[0][:300]}") from None
    types = {c.column: c.type for c in conversions}
    by_file = f"select {values}, __file as {quoted(FILE)} from {reader.numbered()} raw{keep}"
    return LoadedFiles(source.dataset, name, types, count, rejects_table(rejects), tuple(paths), by_file=by_file)


def _parquet_conversion(source: FileSource, column: str, native: str) -> Conversion:
    kind = source.kind(column)
    if kind is None or fits_kind(kind, native):
        return as_it_stands(column, native)
    as_text = f"cast({quoted(column)} as varchar)"
    if kind == "text":
        return Conversion(column, "VARCHAR", as_text)
    if kind == "date" and native.startswith("TIMESTAMP"):
        return Conversion(column, "DATE", f"cast({quoted(column)} as date)")
    if kind == "timestamp" and native == "DATE":
        return Conversion(column, "TIMESTAMP", f"cast({quoted(column)} as timestamp)")
    if kind not in KINDS and native != "VARCHAR":
        return as_it_stands(column, native)
    converted = from_text(column, fallback(kind) if kind in KINDS else format_target(kind), kind)
    return replace(
        converted,
        value=converted.value.replace(quoted(column), as_text),
        misfit=(converted.misfit or "false").replace(quoted(column), as_text),
    )


def _parquet_rejects(
    connection: duckdb.DuckDBPyConnection, reader: ParquetFiles, conversions: Sequence[Conversion]
) -> list[Reject]:
    rejects = []
    for one in conversions:
        if one.misfit:
            sql = f"select __file, __row, {quoted(one.column)} from {reader.numbered()} where {one.misfit}"
            for file, row, value in rows(connection, sql):
                reason = misfit_reason(str(value), one.kind)
                rejects.append(Reject(reader.shown(file), row, one.column, reason, str(value)))
    return rejects
