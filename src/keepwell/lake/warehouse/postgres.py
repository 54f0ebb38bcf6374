"""PostgreSQL: tables that are there, read where they are."""

from __future__ import annotations

from typing import ClassVar

import ibis
import pyarrow as pa
from ibis.common.exceptions import TableNotFound

from keepwell.errors import DataRefused
from keepwell.lake.warehouse.base import Warehouse
from keepwell.lake.warehouse.refusals import no_table, translated

_WHERE = "PostgreSQL"


class PostgresWarehouse(Warehouse):
    """A PostgreSQL database at `address` (postgresql://user:password@host:port/database, or ...?host=/socket/folder).

    The session's time zone is UTC. Needs the extra `keepwell[postgres]`.
    """

    dialect: ClassVar[str] = "postgres"

    def __init__(self, address: str) -> None:
        super().__init__()
        with translated(_WHERE):
            self._backend = ibis.connect(address)
            self._backend.raw_sql("set time zone 'UTC'").close()

    def sql(self, expression: ibis.Table) -> str:
        return str(self._backend.compile(expression))

    def close(self) -> None:
        self._backend.disconnect()

    def _look_up(self, name: str) -> ibis.Table:
        schema, _, table = name.rpartition(".")
        with translated(_WHERE):
            try:
                return self._backend.table(table, database=schema or None)
            except TableNotFound:
                raise no_table(_WHERE, name, self._backend.list_tables(database=schema or None)) from None

    def _execute(self, expression: ibis.Table) -> pa.Table:
        with translated(_WHERE):
            try:
                found: pa.Table = self._backend.to_pyarrow(expression)
            except pa.ArrowInvalid as error:  # sums of whole numbers come as decimals of any size
                raise DataRefused(f"{_WHERE}: a result is too large for its type: {error}") from None
            return found
