"""How rows that were read meet those that are there: one query a mode, nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from keepwell.connect.document import DELETED_AT, SYNCED_AT, SyncDocument
from keepwell.lake.statements import open_duckdb, quoted
from keepwell.lake.tables import LakeTable

_NUMBER = "__number"


@dataclass(frozen=True)
class Met:
    """`rows`: what is written, in the place of all (`replaces`) or beside them; None where nothing changes."""

    rows: pa.Table | None
    replaces: bool
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0


def meet(document: SyncDocument, table: LakeTable, rows: pa.Table, now: datetime) -> Met:
    """What becomes of `rows`, and of those that are there. `rows` have the columns that the dataset will have."""
    if document.mode == "replace":
        return Met(rows, replaces=True, added=rows.num_rows)
    with open_duckdb() as connection:
        return _Meeting(connection, document, table, rows, now).result()


class _Meeting:
    """`fresh`: rows that were read, the last one of each key. `held`: the row that counts of each key that is there."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        document: SyncDocument,
        table: LakeTable,
        rows: pa.Table,
        now: datetime,
    ) -> None:
        self._connection, self._document, self._now = connection, document, now
        self._names = rows.column_names
        self._keys = [quoted(key) for key in document.keys]
        numbered = rows.append_column(_NUMBER, pa.array(range(rows.num_rows), pa.int64()))
        connection.register("arrived", numbered)
        by = ", ".join(self._keys)
        last = f"qualify row_number() over (partition by {by} order by {_NUMBER} desc) = 1"
        self._make("fresh", f"select * exclude ({_NUMBER}) from arrived {last}")
        self._there = table.schema().names if table.exists else []
        if table.exists:
            connection.execute(f"create temp view there as {table.relation_sql()}")
            newest = f" qualify row_number() over (partition by {by} order by {SYNCED_AT} desc, load_id desc) = 1"
            self._make("held", f"select * from there{newest if document.mode == 'history' else ''}")
        else:
            self._make("held", "select * from fresh where false")

    def result(self) -> Met:
        added = self._count(f"from fresh anti join held using ({', '.join(self._keys)})")
        if self._document.mode == "append":
            return self._appended(added)
        differs = self._differs() or "false"
        changed = self._count(f"from fresh join held using ({', '.join(self._keys)}) where {differs}")
        missing = self._missing()
        deleted = self._count(f"from held {missing}") if missing else 0
        deleted += self._marked()
        unchanged = self._count("from fresh") - added - changed
        if not added and not changed and not (missing and deleted):
            return Met(None, True, unchanged=unchanged)
        make = self._history if self._document.mode == "history" else self._upserted
        return Met(make(differs, missing), self._document.mode == "upsert", added, changed, unchanged, deleted)

    def _differs(self) -> str:
        """True for a row that is not what it was; a column that is new counts where it holds something."""
        held = set(self._there) or set(self._names)
        others = [name for name in self._names if name not in self._document.keys]
        return " or ".join(
            f"fresh.{quoted(name)} is distinct from held.{quoted(name)}"
            if name in held
            else f"fresh.{quoted(name)} is not null"
            for name in others
        )

    def _appended(self, added: int) -> Met:
        known = self._count("from fresh") - added
        if not added:
            return Met(None, False, unchanged=known)
        rows = self._table(f"select {self._listed('fresh')} from fresh anti join held using ({', '.join(self._keys)})")
        return Met(rows, False, added, unchanged=known)

    def _missing(self) -> str:
        """The condition of rows that a whole reading did not bring; empty where that is not looked at."""
        if self._document.deleted != "missing" or not self._there:
            return ""
        gone = f"where {DELETED_AT} is null" if DELETED_AT in self._there else ""
        return f"anti join fresh using ({', '.join(self._keys)}) {gone}"

    def _marked(self) -> int:
        """Rows that arrived as deleted, and were not before."""
        if self._document.deleted in (None, "missing"):
            return 0
        before = f"held.{DELETED_AT} is not null" if DELETED_AT in self._there else "false"
        using = ", ".join(self._keys)
        return self._count(
            f"from fresh left join held using ({using}) where fresh.{DELETED_AT} is not null and not ({before})"
        )

    def _upserted(self, _: str, missing: str) -> pa.Table:
        """All rows: those that did not arrive as they were, or marked as deleted, and those that arrived."""
        using = ", ".join(self._keys)
        kept = f"select held.* from held anti join fresh using ({using})"
        if missing:
            mark = f"coalesce(held.{DELETED_AT}, ?)" if DELETED_AT in self._there else "?"
            how = "replace" if DELETED_AT in self._there else ""
            kept = f"select held.* {how + ' (' if how else ', '}{mark} as {DELETED_AT}{')' if how else ''} "
            kept += f"from held anti join fresh using ({using})"
        sql = f"select * from fresh union all by name ({kept})"
        return self._table(sql, [self._now] if missing else [])

    def _history(self, differs: str, missing: str) -> pa.Table:
        """Rows that are added: those that are new or changed, and once more those that are missing, as deleted."""
        using = ", ".join(self._keys)
        new = f"select {self._listed('fresh')} from fresh anti join held using ({using})"
        changed = f"select {self._listed('fresh')} from fresh join held using ({using}) where {differs}"
        parts, given = [f"({new})", f"({changed})"], [self._now]
        if missing:
            own = ", ".join(
                f"held.{quoted(name)}" for name in self._names if name != DELETED_AT and name in self._there
            )
            parts.append(f"(select {own}, ? as {DELETED_AT} from held {missing})")
        rows = self._table(" union all by name ".join(parts), given if missing else None)
        return rows.append_column(SYNCED_AT, pa.array([self._now] * rows.num_rows, pa.timestamp("us", "UTC")))

    def _listed(self, of: str) -> str:
        return ", ".join(f"{of}.{quoted(name)}" for name in self._names)

    def _make(self, name: str, sql: str) -> None:
        self._connection.execute(f"create temp table {name} as {sql}")

    def _count(self, rest: str) -> int:
        return int(self._connection.execute(f"select count(*) {rest}").fetchall()[0][0])

    def _table(self, sql: str, given: list[datetime] | None = None) -> pa.Table:
        found: pa.Table = self._connection.sql(sql, params=given or None).to_arrow_table()
        return found
