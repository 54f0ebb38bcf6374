"""DuckDB in this process: raw files, Delta tables and Arrow tables as one database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any, ClassVar

import ibis
import ibis.expr.operations as ops
import pyarrow as pa

from keepwell.lake.files import FileSource, LoadedFiles, read_files
from keepwell.lake.files.loaded import FILE, forget
from keepwell.lake.statements import literal, open_duckdb, quoted
from keepwell.lake.tables import LakeTable
from keepwell.lake.warehouse.base import Warehouse
from keepwell.lake.warehouse.refusals import no_table, translated

_WHERE = "DuckDB"


class DuckDBWarehouse(Warehouse):
    """A private in-memory database. `threads` and `memory_limit` ("4GB") default to DuckDB's own: all cores, 80 %.

    Spills to `temporary`, by default a folder of its own that is removed on closing. Times are UTC.
    """

    dialect: ClassVar[str] = "duckdb"

    def __init__(
        self, *, threads: int | None = None, memory_limit: str | None = None, temporary: Path | None = None
    ) -> None:
        super().__init__()
        self._spill = Path(tempfile.mkdtemp(prefix="keepwell-spill-", dir=temporary))
        config: dict[str, Any] = {"temp_directory": str(self._spill)}
        config |= {"threads": threads} if threads else {}
        config |= {"memory_limit": memory_limit} if memory_limit else {}
        with translated(_WHERE):
            self.connection = open_duckdb(**config)
            self._backend = ibis.duckdb.from_connection(self.connection)
        self._names: set[str] = set()
        self.loaded: dict[str, LoadedFiles] = {}

    def add_files(self, source: FileSource, *, columns: frozenset[str] | None = None) -> LoadedFiles:
        """Registers raw files under their dataset's name; see `read_files`. Rejected rows are the caller's to judge."""
        with self.turn, translated(f"dataset '{source.dataset}'"):
            self._forget(source.dataset)
            loaded = read_files(self.connection, source, columns=columns)
            self._names.add(source.dataset)
            self.loaded[source.dataset] = loaded
            return loaded

    def add_lake_table(
        self, name: str, table: LakeTable, *, version: int | None = None, among: Collection[str] | None = None
    ) -> None:
        """Registers a Delta table as it is now (or was at `version`), or some of its files: no later append."""
        self._add_view(name, table.relation_sql(version=version, among=among))

    def add_files_of(self, name: str, dataset: str, files: Collection[str]) -> None:
        """Registers those rows of a dataset of raw files, added before, that lie in some of them."""
        loaded = self.loaded[dataset]
        assert loaded.by_file is not None, f"the rows of {dataset} were copied"
        listed = ", ".join(literal(file) for file in sorted(files))
        inside = f"{quoted(FILE)} in ({listed})" if files else "false"
        self._add_view(name, f"select * exclude ({quoted(FILE)}) from ({loaded.by_file}) where {inside}")

    def add_query(self, name: str, select: str) -> None:
        """Registers a statement over what is registered already."""
        self._add_view(name, select)

    def add_arrow(self, name: str, table: pa.Table) -> None:
        """Registers an Arrow table without copying it."""
        with self.turn, translated(f"table '{name}'"):
            self._forget(name)
            self.connection.register(name, table)
            self._names.add(name)

    def remove(self, name: str) -> None:
        """Gives back what was registered under a name, if anything was."""
        with self.turn, translated(f"table '{name}'"):
            self._forget(name)

    def sql(self, expression: ibis.Table) -> str:
        return str(self._backend.compile(expression))

    def close(self) -> None:
        self.connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def interrupt(self) -> None:
        self.connection.interrupt()

    def _add_view(self, name: str, select: str) -> None:
        with self.turn, translated(f"table '{name}'"):
            self._forget(name)
            self.connection.execute(f"create temp view {quoted(name)} as {select}")
            self._names.add(name)

    def _forget(self, name: str) -> None:
        self._tables.pop(name, None)
        if name in self._names:
            self._names.discard(name)
            self.loaded.pop(name, None)
            self.connection.unregister(name)
            forget(self.connection, name)

    def _look_up(self, name: str) -> ibis.Table:
        if name not in self._names:
            raise no_table(_WHERE, name, sorted(self._names))
        with translated(_WHERE):  # not the backend's own look-up: with DuckDB 2 it warns, and takes ten times as long
            schema = self.connection.sql(f"from {quoted(name)} limit 0").to_arrow_table().schema
        return ops.DatabaseTable(name, ibis.Schema.from_pyarrow(schema), self._backend, ops.Namespace()).to_expr()

    def _execute(self, expression: ibis.Table) -> pa.Table:
        with translated(_WHERE):
            statement = self.sql(expression)
            with self.turn:
                self._backend._run_pre_execute_hooks(expression)  # memtables
                found: pa.Table = self.connection.sql(statement).to_arrow_table()
            return found
