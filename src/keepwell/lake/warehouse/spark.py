"""Spark: one machine or many, tables that are there."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa
from ibis.common.exceptions import TableNotFound

from keepwell.errors import RequestRefused
from keepwell.lake.warehouse.base import Warehouse
from keepwell.lake.warehouse.refusals import no_table, translated

_WHERE = "Spark"
_SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # a whole number that overflows is refused; without ANSI it would wrap
    "spark.sql.timestampType": "TIMESTAMP_NTZ",  # so that naive times compare bare, and files are skipped by them
}
_START = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}


class SparkWarehouse(Warehouse):
    """A Spark session at `address`: spark://host:port, local[2], local-cluster[2,1,2048].

    The session is one of its own, with times in UTC and ANSI mode as Spark 4 has it by default. Where this process runs
    Spark already at the same address, its cluster and tables are shared and stay open on closing, and neither its
    settings nor its temporary views are touched. `settings` are further ones of Spark, for a cluster that is started
    here. Needs the extra `keepwell[spark]` and Java 17. Raises RequestRefused where Spark runs at another address.
    """

    dialect: ClassVar[str] = "pyspark"

    def __init__(self, address: str, *, settings: dict[str, str] | None = None) -> None:
        super().__init__()
        running = _running(address)
        self._started = running is None
        self.session = running.newSession() if running is not None else _start(address, settings or {})
        with translated(_WHERE):
            for name, value in _SESSION.items():
                self.session.conf.set(name, value)
            self._backend = ibis.pyspark.connect(self.session)

    def sql(self, expression: ibis.Table) -> str:
        return str(self._backend.compile(expression))

    def close(self) -> None:
        if self._started:
            self.session.stop()

    def interrupt(self) -> None:
        self.session.interruptAll()

    def _look_up(self, name: str) -> ibis.Table:
        schema, _, table = name.rpartition(".")
        with translated(_WHERE):
            try:
                found = self._backend.table(table, database=schema or None)
            except TableNotFound:
                raise no_table(_WHERE, name, self._backend.list_tables(database=schema or None)) from None
            return self._with_offsets(found, name)

    def _with_offsets(self, table: ibis.Table, name: str) -> ibis.Table:
        """The table with Spark's TIMESTAMP, an instant, told apart from TIMESTAMP_NTZ: to Ibis both are naive."""
        kinds = {field.name: field.dataType.typeName() for field in self.session.table(name).schema.fields}
        columns = {
            column: dt.Timestamp("UTC", nullable=kind.nullable) if kinds[column] == "timestamp" else kind
            for column, kind in table.schema().items()
        }
        return table.op().copy(schema=ibis.schema(columns)).to_expr()

    def _execute(self, expression: ibis.Table) -> pa.Table:
        """Arrow from end to end: by way of pandas whole numbers with nulls would pass through floats."""
        with translated(_WHERE), self.turn:
            self._backend._run_pre_execute_hooks(expression)  # memtables
            found: pa.Table = self.session.sql(self.sql(expression)).toArrow()
            return found


def _running(address: str) -> Any:
    """The session that this process has open, or None."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise RequestRefused(
            f"warehouse {address}: Spark is not installed; install keepwell[spark] (and Java 17)"
        ) from None
    session = SparkSession.getActiveSession()
    if session is not None and session.sparkContext.master != address:
        raise RequestRefused(
            f"warehouse {address}: this process runs Spark at {session.sparkContext.master} already; stop that first"
        )
    return session


def _start(address: str, settings: dict[str, str]) -> Any:
    from pyspark.logger import PySparkLogger
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(address).appName("keepwell")
    for name, value in (_START | _SESSION | settings).items():
        builder = builder.config(name, value)
    with translated(_WHERE):
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")  # what goes wrong is said once, by our own error
    PySparkLogger.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    return session
