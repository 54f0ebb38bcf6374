"""How rows that were read meet those that are there: one query a mode, nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import duckdb
import numpy as np
import pyarrow as pa

from keepwell.connect.document import DELETED_AT, SYNCED_AT, SyncDocument
from keepwell.lake.statements import open_duckdb, quoted
from keepwell.lake.tables import LakeTable

_NUMBER = "__number"


How = Literal["nothing", "replace", "append", "upsert"]


@dataclass(frozen=True)
class Met:
    """`rows`: what is written, and `how`: in the place of all, beside them, or of those of the same key."""

    rows: pa.Table | None
    how: How
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0


def meet(document: SyncDocument, table: LakeTable, rows: pa.Table, now: datetime) -> Met:
    """What becomes of `rows`, and of those that are there. `rows` have the columns that the dataset will have."""
    if document.mode == "replace":
        return Met(rows, "replace", added=rows.num_rows)
    with open_duckdb() as connection:
        return _Meeting(connection, document, table, rows, now).result()


class _Meeting:
    """`fresh`: rows that were read, the last one of each key. `held`: the row that counts of each of these keys.

    `others`: the rows that count of all other keys, where rows that are missing are looked for.
    """

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
        self._by = ", ".join(quoted(key) for key in document.keys)
        connection.register("arrived", rows.append_column(_NUMBER, pa.array(np.arange(rows.num_rows))))
        last = f"qualify row_number() over (partition by {self._by} order by {_NUMBER} desc) = 1"
        self._make("table", "fresh", f"select * exclude ({_NUMBER}) from arrived {last}")
        self._there = table.schema().names if table.exists else []
        connection.execute(
            f"create temp view there as {table.relation_sql() if table.exists else 'select * from fresh where false'}"
        )
        newest = f" qualify row_number() over (partition by {self._by} order by {SYNCED_AT} desc, load_id desc) = 1"
        counts = newest if document.mode == "history" and table.exists else ""
        self._make("table", "held", f"select * from there semi join fresh using ({self._by}){counts}")
        self._make("view", "others", f"select * from there anti join fresh using ({self._by}){counts}")

    def result(self) -> Met:
        fresh, added = self._count("from fresh"), self._count(f"from fresh anti join held using ({self._by})")
        if self._document.mode == "append":
            return self._appended(added, fresh - added)
        differs = self._differs() or "false"
        self._make(
            "view", "news",
            f"select * from fresh anti join held using ({self._by}) union all by name "
            f"select {self._listed('fresh')} from fresh join held using ({self._by}) where {differs}",
        )  # fmt: skip
        changed = self._count("from news") - added
        missing = self._missing()
        gone = self._count(f"from others {missing}") if missing else 0
        counts = added, changed, fresh - added - changed, gone + self._marked()
        if not added and not changed and not gone:
            return Met(None, "nothing", *counts)
        if self._document.mode == "history":
            return Met(self._history(missing), "append", *counts)
        return Met(*self._upserted(missing), *counts)

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

    def _appended(self, added: int, known: int) -> Met:
        if not added:
            return Met(None, "nothing", unchanged=known)
        rows = self._table(f"select {self._listed('fresh')} from fresh anti join held using ({self._by})")
        return Met(rows, "append", added, unchanged=known)

    def _missing(self) -> str:
        """The condition of rows that a whole reading did not bring; empty where that is not looked at."""
        if self._document.deleted != "missing" or not self._there:
            return ""
        return f"where {DELETED_AT} is null" if DELETED_AT in self._there else "where true"

    def _marked(self) -> int:
        """Rows that arrived as deleted, and were not before."""
        if self._document.deleted in (None, "missing"):
            return 0
        before = f"held.{DELETED_AT} is not null" if DELETED_AT in self._there else "false"
        return self._count(
            f"from fresh left join held using ({self._by}) where fresh.{DELETED_AT} is not null and not ({before})"
        )

    def _upserted(self, missing: str) -> tuple[pa.Table, How]:
        """Rows that are new or changed, and those that are missing, marked. Where a key is there twice, all rows."""
        if self._count("from held") > self._count(f"from (select distinct {self._by} from held)"):
            return self._table(f"select * from fresh union all by name ({self._marking(missing, 'others.*', True)})",
                               [self._now] if missing else None), "replace"  # fmt: skip
        if not missing:
            return self._table("select * from news"), "upsert"
        marked = self._marking(missing, "others.*", False)
        return self._table(f"select * from news union all by name ({marked})", [self._now]), "upsert"

    def _marking(self, missing: str, listed: str, others_too: bool) -> str:
        """Rows that are missing, with the time at which that was seen; `others_too`: and those that did not come."""
        if not missing:
            return f"select {listed} from others"
        if DELETED_AT not in self._there:
            return f"select {listed}, ?::timestamptz as {DELETED_AT} from others"
        chosen = f"select {listed} replace (coalesce({DELETED_AT}, ?::timestamptz) as {DELETED_AT}) from others"
        return chosen if others_too else f"{chosen} {missing}"

    def _history(self, missing: str) -> pa.Table:
        """Rows that are added: those that are new or changed, and once more those that are missing, as deleted."""
        sql = f"select {self._listed('news')} from news"
        if missing:
            own = [name for name in self._names if name != DELETED_AT and name in self._there]
            listed = ", ".join(quoted(name) for name in own)
            sql += f" union all by name (select {listed}, ?::timestamptz as {DELETED_AT} from others {missing})"
        rows = self._table(sql, [self._now] if missing else None)
        return rows.append_column(SYNCED_AT, pa.array([self._now] * rows.num_rows, pa.timestamp("us", "UTC")))

    def _listed(self, of: str) -> str:
        return ", ".join(f"{of}.{quoted(name)}" for name in self._names)

    def _make(self, what: str, name: str, sql: str) -> None:
        self._connection.execute(f"create temp {what} {name} as {sql}")

    def _count(self, rest: str) -> int:
        return int(self._connection.execute(f"select count(*) {rest}").fetchall()[0][0])

    def _table(self, sql: str, given: list[datetime] | None = None) -> pa.Table:
        found: pa.Table = self._connection.sql(sql, params=given or None).to_arrow_table()
        return found
