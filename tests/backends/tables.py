"""Puts Arrow tables into a database, as tables like a company's own: a schema for each case, texts in any collation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from keepwell.lake.warehouse import DuckDBWarehouse, PostgresWarehouse, SparkWarehouse, Warehouse
from tests.backends.locales import COLLATION

Tables = Mapping[str, pa.Table]


def load(warehouse: Warehouse, schema: str, tables: Tables) -> None:
    """Creates `schema.name` for each table, with its rows in the order given."""
    _LOADERS[type(warehouse)](warehouse, schema, tables)


def _into_duckdb(warehouse: Any, schema: str, tables: Tables) -> None:
    for name, table in tables.items():
        warehouse.add_arrow(f"{schema}.{name}", table)


def _into_postgres(warehouse: Any, schema: str, tables: Tables) -> None:
    with warehouse._backend.con.transaction(), warehouse._backend.con.cursor() as cursor:
        cursor.execute(f'create schema "{schema}"')
        for name, table in tables.items():
            columns = ", ".join(f'"{field.name}" {_postgres_type(field.type)}' for field in table.schema)
            cursor.execute(f'create table "{schema}"."{name}" ({columns})')
            with cursor.copy(f'copy "{schema}"."{name}" from stdin') as copy:
                for row in table.to_pylist():
                    copy.write_row(list(row.values()))


def _postgres_type(kind: pa.DataType) -> str:
    for matches, name in _POSTGRES_TYPES:
        if matches(kind):
            return name
    raise TypeError(f"no PostgreSQL type for {kind}")


def _zoned(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


_POSTGRES_TYPES: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
    (pa.types.is_string, f"text collate {COLLATION}"),
    (pa.types.is_large_string, f"text collate {COLLATION}"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "bigint"),
    (pa.types.is_float32, "real"),
    (pa.types.is_floating, "double precision"),
    (pa.types.is_decimal, "numeric"),  # of any precision, as most are declared
    (pa.types.is_date, "date"),
    (_zoned, "timestamptz"),
    (pa.types.is_timestamp, "timestamp"),
    (pa.types.is_null, "double precision"),
)


def _into_spark(warehouse: Any, schema: str, tables: Tables) -> None:
    """As Parquet in two files, so that both executors read."""
    warehouse.session.sql(f"create database {schema}")
    for name, table in tables.items():
        frame = warehouse.session.createDataFrame(_for_spark(table))
        frame.repartition(2).write.saveAsTable(f"{schema}.{name}")


def _for_spark(table: pa.Table) -> pa.Table:
    """Arrow types that Spark takes: microseconds, and no column of nulls alone."""
    return table.cast(pa.schema([(field.name, _spark_type(field.type)) for field in table.schema]))


def _spark_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    return pa.float64() if pa.types.is_null(kind) else kind


_LOADERS: dict[type[Warehouse], Callable[[Any, str, Tables], None]] = {
    DuckDBWarehouse: _into_duckdb,
    PostgresWarehouse: _into_postgres,
    SparkWarehouse: _into_spark,
}
