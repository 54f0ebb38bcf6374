"""Spark: one machine or many, tables that are there."""

from __future__ import annotations

from typing import Any, ClassVar

import ibis
import pyarrow as pa

from keepwell.errors import RequestRefused
from keepwell.lake.warehouse.base import Warehouse
from keepwell.lake.warehouse.refusals import no_table, translated

_WHERE = "Spark"


class SparkWarehouse(Warehouse):
    """A Spark session at `address`: spark://host:port, local[2], local-cluster[2,1,2048]. Session times are UTC.

    Division by zero and failing casts yield null, as on the other backends (ANSI mode is off).
    Needs the extra `keepwell[spark]` and Java 17.
    """

    dialect: ClassVar[str] = "pyspark"

    def __init__(self, address: str, *, settings: dict[str, str] | None = None) -> None:
        super().__init__()
        self.session = _session(address, settings or {})
        with translated(_WHERE):
            self._backend = ibis.pyspark.connect(self.session)

    def sql(self, expression: ibis.Table) -> str:
        return str(self._backend.compile(expression))

    def close(self) -> None:
        self.session.stop()

    def _look_up(self, name: str) -> ibis.Table:
        schema, _, table = name.rpartition(".")
        with translated(_WHERE):
            there = self._backend.list_tables(database=schema or None)
            if table not in there:
                raise no_table(_WHERE, name, there)
            return self._backend.table(table, database=schema or None)

    def _execute(self, expression: ibis.Table) -> pa.Table:
        with translated(_WHERE):
            found: pa.Table = self._backend.to_pyarrow(expression)
            return found


def _session(address: str, settings: dict[str, str]) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise RequestRefused(
            f"warehouse {address}: Spark is not installed; install keepwell[spark] (and Java 17)"
        ) from None
    defaults = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master(address).appName("keepwell")
    for key, value in (defaults | settings).items():
        builder = builder.config(key, value)
    with translated(_WHERE):
        return builder.getOrCreate()
