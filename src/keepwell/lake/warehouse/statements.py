"""Statements of SQL on DuckDB in this process, for what Ibis has no words for: bits, windows over single events."""

from __future__ import annotations

from contextlib import suppress

import duckdb
import ibis.expr.types as ir
import pyarrow as pa

from keepwell.lake.statements import quoted
from keepwell.lake.warehouse.in_process import DuckDBWarehouse
from keepwell.lake.warehouse.refusals import translated

_WHERE = "DuckDB"


class Statements:
    """The door for statements that the engine writes itself; texts of people stand in them as literals alone."""

    def __init__(self, warehouse: DuckDBWarehouse) -> None:
        self._warehouse = warehouse

    def see(self, name: str, rows: ir.Table) -> None:
        """Statements read the rows of an expression under `name`; nothing is run yet."""
        self.name(name, self._warehouse.sql(rows))

    def name(self, name: str, statement: str) -> None:
        """Statements read the rows of another one under `name`; nothing is run yet."""
        self._run(f"create or replace temp view {quoted(name)} as {statement}")

    def take(self, name: str, rows: pa.Table) -> None:
        """Statements read an Arrow table under `name`."""
        self._warehouse.add_arrow(name, rows)

    def keep(self, name: str, statement: str) -> None:
        """Runs a statement once; others read its rows under `name`."""
        self._run(f"create or replace temp table {quoted(name)} as {statement}")

    def ask(self, statement: str) -> pa.Table:
        """The rows of a statement. Raises RequestRefused or DataRefused, never an error of the database itself."""
        with self._warehouse.turn, translated(_WHERE):
            return self._warehouse.connection.sql(statement).to_arrow_table()

    def interrupt(self) -> None:
        """Ends the statement that runs, if one does; whoever asked gets RequestRefused. For another thread to call."""
        with suppress(duckdb.ConnectionException):  # closed a moment ago
            self._warehouse.connection.interrupt()

    def _run(self, statement: str) -> None:
        with self._warehouse.turn, translated(_WHERE):
            self._warehouse.connection.execute(statement)
