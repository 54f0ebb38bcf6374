"""The warehouse of Keepwell over a connected backend of the suite: the same server, the same Spark cluster."""

from __future__ import annotations

from typing import Any

from keepwell.lake.warehouse import DuckDBWarehouse, Warehouse, connect


def warehouse_over(backend: Any) -> Warehouse:
    """Opened by address, as a project's settings name it; DuckDB's is a database of its own."""
    if backend.name == "duckdb":
        return DuckDBWarehouse(threads=1)
    return connect(_ADDRESS[backend.name](backend))


def _postgres(backend: Any) -> str:
    info = backend.con.info
    return f"postgresql://{info.user}@/{info.dbname}?host={info.host}"


_ADDRESS = {"postgres": _postgres, "pyspark": lambda backend: backend._session.sparkContext.master}
