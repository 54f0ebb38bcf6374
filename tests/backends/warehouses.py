"""The warehouse of Keepwell over a connected backend of the suite: the same server, the same Spark cluster."""

from __future__ import annotations

from typing import Any

import pytest

from keepwell.lake.warehouse import DuckDBWarehouse, Warehouse, connect

_SOCKETS = "ignore:unclosed <socket:ResourceWarning"  # PySpark leaves those of results to the garbage collector
BACKENDS = {
    "duckdb": pytest.param("duckdb"),
    "postgres": pytest.param("postgres", marks=pytest.mark.slow),
    "pyspark": pytest.param("pyspark", marks=(pytest.mark.spark, pytest.mark.filterwarnings(_SOCKETS))),
}


def only_on(backend: str) -> pytest.MarkDecorator:
    """The mark of tests that ask one backend."""
    return pytest.mark.parametrize("backend", [BACKENDS[backend]], indirect=True, scope="session")


def warehouse_over(backend: Any) -> Warehouse:
    """Opened by address, as a project's settings name it; DuckDB's is a database of its own."""
    if backend.name == "duckdb":
        return DuckDBWarehouse(threads=1)
    return connect(_ADDRESS[backend.name](backend))


def _postgres(backend: Any) -> str:
    info = backend.con.info
    return f"postgresql://{info.user}@/{info.dbname}?host={info.host}"


_ADDRESS = {"postgres": _postgres, "pyspark": lambda backend: backend._session.sparkContext.master}
