"""DuckDB connections and statements. Each is read to its end: an unfinished result blocks the connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb


def open_duckdb(**config: Any) -> duckdb.DuckDBPyConnection:
    """A private in-memory DuckDB in UTC that never looks for extensions on the network."""
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, **config})
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set parquet_metadata_cache = true")  # by time of change: every query reads them
    connection.execute("set enable_progress_bar = false")  # it would be drawn into pipes
    return connection


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    return connection.execute(sql, list(parameters)).fetchall()


def only(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
    """The one row of a statement that always has one."""
    return rows(connection, sql, parameters)[0]
