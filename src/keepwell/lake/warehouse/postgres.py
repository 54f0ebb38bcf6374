"""PostgreSQL: tables that are there, read where they are."""

from __future__ import annotations

from typing import ClassVar

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa
from ibis.common.exceptions import TableNotFound

from keepwell.errors import DataRefused
from keepwell.lake.statements import quoted
from keepwell.lake.warehouse.base import Warehouse
from keepwell.lake.warehouse.refusals import no_table, translated

_WHERE = "PostgreSQL"
_TYPES = """
select a.attname, t.typname from pg_attribute a join pg_type t on t.oid = a.atttypid
where a.attrelid = to_regclass(%s) and a.attnum > 0 and (t.typtype = 'e' or t.typname in ('bpchar', 'money'))
"""
"""Columns that read as something else than what they are: enumerations and char(n) as text, money as a number."""


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

    def interrupt(self) -> None:
        self._backend.con.cancel()

    def _look_up(self, name: str) -> ibis.Table:
        schema, _, table = name.rpartition(".")
        with translated(_WHERE):
            try:
                found = self._backend.table(table, database=schema or None)
            except TableNotFound:
                raise no_table(_WHERE, name, self._backend.list_tables(database=schema or None)) from None
            return self._in_plain_types(found, schema, table)

    def _in_plain_types(self, found: ibis.Table, schema: str, table: str) -> ibis.Table:
        """The table with every column in a type of the language, where there is a way to one."""
        with self._backend.con.transaction():
            kinds = dict(self._backend.con.execute(_TYPES, [".".join(map(quoted, filter(None, (schema, table))))]))
        plain = {
            column: "decimal(19, 4)" if kinds.get(column) == "money" else "string"
            for column, kind in found.schema().items()
            if column in kinds or isinstance(kind, dt.Unknown | dt.UUID)
        }
        if not plain:
            return found
        read = ibis.schema({column: dt.unknown if column in plain else kind for column, kind in found.schema().items()})
        rows = found.op().copy(schema=read).to_expr()
        return rows.mutate(**{column: rows[column].cast(kind) for column, kind in plain.items()})

    def _execute(self, expression: ibis.Table) -> pa.Table:
        with translated(_WHERE), self.turn:
            try:
                found: pa.Table = self._backend.to_pyarrow(expression)
            except pa.ArrowInvalid as error:  # sums of whole numbers come as decimals of any size
                raise DataRefused(f"{_WHERE}: a result is too large for its type: {error}") from None
            return found
