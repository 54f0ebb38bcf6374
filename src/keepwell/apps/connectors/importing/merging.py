"""How rows of a file meet those of a table in the lake: what is new, what changes, what stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from keepwell.apps.connectors.importing.reading import ROW
from keepwell.lake.statements import literal, open_duckdb, quoted, rows
from keepwell.lake.tables import LakeTable
from keepwell.lake.tables.table import LOAD_ID


@dataclass(frozen=True)
class Manner:
    """`key`: names that tell rows apart, none where whole rows do. `changed_at`: the column by which the latest of
    several rows of a key counts; rows are then added, never replaced. `clears`: empty cells empty what is there."""

    key: tuple[str, ...] = ()
    changed_at: str | None = None
    clears: bool = False


class Meeting:
    """The accepted rows of an import beside a table. Closed by who opened it. STATE is new, changed or unchanged."""

    def __init__(self, table: LakeTable, accepted: Path, manner: Manner, now: datetime, scratch: Path) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self.connection = open_duckdb(memory_limit="400MB", temp_directory=str(scratch), threads=2)
        self._manner, self._now = manner, now
        self.connection.execute(f"create view accepted as select * from read_parquet({literal(str(accepted))})")
        self.columns = [name for name in _names(self.connection, "accepted") if name != ROW]
        layout = {table.layout.month_column} if table.exists and table.layout.month_column else set()
        self.there = [one for one in table.schema().names if one not in {LOAD_ID, *layout}] if table.exists else []
        listed = ", ".join(quoted(one) for one in [*self.there, LOAD_ID])
        found = f"select {listed} from ({table.relation_sql()})" if table.exists else self._nothing()
        self.connection.execute(f"create view there as {found}")
        self._judge()

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Meeting:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def counts(self) -> dict[str, int]:
        found = dict(rows(self.connection, "select state, count(*) from states group by 1"))
        return {state: int(found.get(state, 0)) for state in ("new", "changed", "unchanged")}

    def written(self) -> str:
        """SELECT of the rows that are written, whole."""
        parts = [self._part(name) for name in self._all()]
        return (
            f"select {', '.join(parts)} from accepted a join states s using ({ROW}) left join held e on {self._on()} "
            f"where s.state <> 'unchanged'"
        )

    def before(self) -> str:
        """SELECT of the rows that those that are changed were."""
        listed = ", ".join(f"e.{quoted(name)}" for name in self.there) or "1"
        met = f"accepted a join states s using ({ROW}) join held e on {self._on()}"
        return f"select {listed} from {met} where s.state = 'changed'"

    @property
    def adds(self) -> bool:
        """Whether rows are only added."""
        return self._dates() or not self.counts()["changed"]

    def _dates(self) -> bool:
        changed_at = self._manner.changed_at
        return changed_at is not None and changed_at not in self.columns

    def _judge(self) -> None:
        if not self._manner.key:
            self.connection.execute("create view held as select * from there where false")
            self.connection.execute(f"create temp table states as {self._by_whole_rows()}")
            return
        keys = ", ".join(quoted(name) for name in self._manner.key)
        order = f"{quoted(self._manner.changed_at)} desc, " if self._dates() and self._manner.changed_at else ""
        self.connection.execute(
            f"create temp table held as select t.* from there t semi join accepted using ({keys}) "
            f"qualify row_number() over (partition by {keys} order by {order}{LOAD_ID} desc) = 1"
        )
        differs = " or ".join(self._differs(name) for name in self.columns if name not in self._manner.key) or "false"
        first = quoted(self._manner.key[0])
        self.connection.execute(
            f"create temp table states as select a.{ROW}, case when e.{first} is null then 'new' when {differs} "
            f"then 'changed' else 'unchanged' end as state from accepted a left join held e on {self._on()}"
        )

    def _differs(self, name: str) -> str:
        mine = f"a.{quoted(name)}"
        filled = "" if self._manner.clears else f"{mine} is not null and "
        return f"({filled}{mine} is distinct from e.{quoted(name)})" if name in self.there else f"{mine} is not null"

    def _by_whole_rows(self) -> str:
        """As often as a row is there already, it is not new."""
        known = [name for name in self.columns if name in self.there]
        shown = ", ".join(quoted(name) for name in known)
        if not known:
            return f"select {ROW}, 'new' as state from accepted"
        mine = f"select {ROW}, {shown}, row_number() over (partition by {shown} order by {ROW}) as n from accepted"
        theirs = f"select {shown}, row_number() over (partition by {shown}) as n from there"
        on = " and ".join(f"a.{quoted(name)} is not distinct from e.{quoted(name)}" for name in [*known, "n"])
        return (
            f"select a.{ROW}, case when e.n is null then 'new' else 'unchanged' end as state "
            f"from ({mine}) a left join ({theirs}) e on {on}"
        )

    def _on(self) -> str:
        return " and ".join(f"a.{quoted(name)} = e.{quoted(name)}" for name in self._manner.key) or "false"

    def _all(self) -> Sequence[str]:
        return [*self.there, *(name for name in self.columns if name not in self.there)]

    def _part(self, name: str) -> str:
        mine, theirs = f"a.{quoted(name)}", f"e.{quoted(name)}"
        if name == self._manner.changed_at and self._dates():
            return f"{self._moment(name)} as {quoted(name)}"
        if name not in self.columns:
            return f"{theirs} as {quoted(name)}"
        if name in self._manner.key or name not in self.there or self._manner.clears:
            return f"{mine} as {quoted(name)}"
        return f"coalesce({mine}, {theirs}) as {quoted(name)}"

    def _moment(self, name: str) -> str:
        kind = str(rows(self.connection, f"select typeof({quoted(name)}) from there limit 1")[0][0])
        return f"cast(timestamptz '{self._now.isoformat()}' as {kind})"

    def _nothing(self) -> str:
        listed = ", ".join(f"{quoted(name)}" for name in self.columns)
        self.there = list(self.columns)
        return f"select {listed}, 0::bigint as {LOAD_ID} from accepted where false"


def _names(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [row[0] for row in rows(connection, f"describe {relation}")]
