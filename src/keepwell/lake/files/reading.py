"""Raw files into DuckDB: every value typed or its row rejected with file, line, column and reason."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.errors import DataRefused
from keepwell.lake.files.copying import copy_files
from keepwell.lake.files.loaded import LoadedFiles, forget
from keepwell.lake.files.rejects import describe_rejects
from keepwell.lake.files.source import KINDS, FileSource, find_files, format_of
from keepwell.lake.files.text import unreadable
from keepwell.lake.files.viewing import view_files
from keepwell.lake.statements import rows


def read_files(
    connection: duckdb.DuckDBPyConnection,
    source: FileSource,
    *,
    columns: frozenset[str] | None = None,
    relation: str | None = None,
) -> LoadedFiles:
    """Registers the files of `source` as a temporary relation (named `relation`, default the dataset's name).

    CSV and JSON are copied once into a temporary table, Parquet is a view. `columns` limits what is kept (those
    declared required are kept too). A column that is not declared takes a type only if every value fits it, and is
    text otherwise, so only declared columns reject rows. Dates without a declared format are ISO dates.
    Raises DataRefused, with every problem, for files that cannot be used as a whole.
    """
    problems = _declaration_problems(connection, source)
    if problems:
        raise DataRefused(*problems)
    paths = find_files(source)
    kinds = {format_of(source, path) for path in paths}
    if len(kinds) != 1 or None in kinds:
        names = ", ".join(sorted({path.name for path in paths})[:5])
        raise DataRefused(
            f"dataset '{source.dataset}': the format of {names} cannot be told. "
            "Files of one dataset share one of .csv, .parquet, .jsonl; or state `format`"
        )
    problems = [problem for path in paths if (problem := unreadable(source, path))]
    if problems:
        raise DataRefused(*problems)
    name = relation or source.dataset
    forget(connection, name)
    wanted = None if columns is None else columns | source.required
    if kinds == {"parquet"}:
        return view_files(connection, source, paths, name, wanted)
    return copy_files(connection, source, paths, name, wanted, csv=kinds == {"csv"})


def misfits(
    connection: duckdb.DuckDBPyConnection, source: FileSource, column: str, kind: str, *, limit: int = 5
) -> list[str]:
    """Why a column is not of `kind`: the first values that do not fit, as sentences with file and line."""
    declared = replace(source, types={**source.types, column: kind}, text_columns=source.text_columns - {column})
    try:
        loaded = read_files(connection, declared, columns=frozenset({column}), relation=f"__{source.dataset}_misfits")
    except DataRefused as refusal:
        return [str(problem) for problem in refusal.problems[:limit]]
    found = loaded.rejects.filter(pc.equal(loaded.rejects["column"], pa.scalar(column)))
    forget(connection, loaded.relation)
    return describe_rejects(found, limit=limit)


def _declaration_problems(connection: duckdb.DuckDBPyConnection, source: FileSource) -> list[str]:
    problems = []
    for column, kind in source.types.items():
        if kind in KINDS:
            continue
        try:
            rows(connection, "select try_strptime('x', ?)", [kind])
            understood = "%" in kind
        except duckdb.Error:
            understood = False
        if not understood:
            problems.append(
                f"dataset '{source.dataset}': column '{column}': type '{kind}' is neither one of "
                f"{', '.join(sorted(KINDS))} nor a date format such as '%d/%m/%Y %H:%M'"
            )
    return problems
