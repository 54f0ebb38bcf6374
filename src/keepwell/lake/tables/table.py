"""A Delta table of facts: append, replace, compact, retain, read as of a version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from keepwell.errors import DataRefused, EngineFault, RequestRefused
from keepwell.lake.statements import open_duckdb, quoted
from keepwell.lake.tables.active import LakeFile, active_files, crowded_partitions
from keepwell.lake.tables.layout import TableLayout, layout_from
from keepwell.lake.tables.locks import FileLock, WriterLock
from keepwell.lake.tables.reading import folded_sql, partition_predicate, select_sql
from keepwell.lake.tables.schemas import arrow_schema, conform, nearest
from keepwell.lake.tables.upserting import put_rows

LOAD_ID = "load_id"
_LOADS = "keepwell.load"  # an application transaction that counts loads: it survives compaction and retention


@dataclass(frozen=True)
class Appended:
    """What an append or replacement did. `written` is False where its application transaction was there already."""

    version: int
    load_id: int
    rows: int
    written: bool


class LakeTable:
    """One Delta table in a folder. Reading never waits; writing holds `lock` (default: a file lock in the folder).

    Every row carries `load_id` (int64), larger with every load. The layout counts when the table is first written;
    after that the one kept in the table does. Timestamps are stored as UTC microseconds.
    """

    def __init__(self, path: Path, *, layout: TableLayout | None = None, lock: WriterLock | None = None) -> None:
        self.path = path.absolute()
        self._declared = layout or TableLayout()
        self._lock = lock or FileLock(self.path / "_writer.lock")
        self._delta: DeltaTable | None = None

    @property
    def exists(self) -> bool:
        """Whether anything was ever written."""
        return self._current() is not None

    @property
    def version(self) -> int:
        """The newest version, from 0; -1 for a table that was never written."""
        delta = self._current()
        return -1 if delta is None else delta.version()

    @property
    def load_id(self) -> int:
        """The highest load_id ever given, 0 where nothing was loaded."""
        return self.application_version(_LOADS) or 0

    @property
    def layout(self) -> TableLayout:
        """How the table lies on disk."""
        delta = self._current()
        if delta is None:
            return self._declared
        return layout_from(delta.metadata().description, delta.metadata().partition_columns)

    def schema(self, version: int | None = None) -> pa.Schema:
        """The columns, load_id and partition columns included. Empty for a table that was never written."""
        delta = self._current() if version is None else self._at(version)
        return pa.schema([]) if delta is None else arrow_schema(delta)

    def application_version(self, application: str) -> int | None:
        """The last version an application noted with its loads, None where it noted none."""
        delta = self._current()
        return None if delta is None else delta.transaction_version(application)

    def append(
        self, rows: pa.Table, *, load_id: int | None = None, application: tuple[str, int] | None = None
    ) -> Appended:
        """Adds rows in one atomic commit.

        `load_id` defaults to the next one and must grow. `application` (name, version) makes it idempotent: a version
        at or below the one noted is skipped. New columns are added (null in older rows).
        Raises DataRefused for columns that change their type, RequestRefused where another writer holds the table.
        """
        with self._writing():
            if self._is_noted(application):
                return Appended(self.version, self.load_id, 0, written=False)
            return self._write(rows, load_id, application, {"mode": "append"})

    def replace(
        self,
        partition: Mapping[str, Any],
        rows: pa.Table,
        *,
        load_id: int | None = None,
        application: tuple[str, int] | None = None,
    ) -> Appended:
        """Puts `rows` in the place of everything in one partition ({} means the whole table), atomically.

        `partition` names partition columns with a value, None for the null partition; columns of it that the rows
        lack are filled in. Raises DataRefused for rows of another partition.
        """
        with self._writing():
            if self._is_noted(application):
                return Appended(self.version, self.load_id, 0, written=False)
            self._check_partition(partition)
            filled = self._within(partition, rows)
            predicate = partition_predicate(partition) if partition and self.exists else None
            return self._write(filled, load_id, application, {"mode": "overwrite", "predicate": predicate})

    def upsert(self, keys: Sequence[str], rows: pa.Table, *, application: tuple[str, int] | None = None) -> Appended:
        """Rows take the place of those with the same `keys` and others are added, in one atomic commit.

        Files without such a key stay as they are, and so do load_ids of rows that were not given. `rows` have each key
        once, and no null in it. Raises as `append` does.
        """
        with self._writing():
            if self._is_noted(application):
                return Appended(self.version, self.load_id, 0, written=False)
            return self._write(rows, None, application, {"mode": "append"}, keys if self.exists else ())

    def compact(
        self, *, among: Callable[[Mapping[str, Any]], bool] | None = None, fold: str | None = None, apart: int = 0
    ) -> int:
        """Rewrites every partition of more than one file (of those `among` some) sorted by the layout's `sort_by`;
        returns how many it was.

        Rows, load_ids and time travel are kept. With `fold`, a column of whole numbers, rows that differ in nothing
        else but their load become one, with the sum and the highest load_id, or none where the sum is 0. Rows of loads
        up to `apart` become others than those of later ones: who has seen the former finds just the latter to be new.
        One commit a partition: killed in between, what was done stays done.
        """
        with self._writing():
            crowded = [one for one in crowded_partitions(self.files()) if among is None or among(one)]
            for partition in crowded:
                self._rewrite_sorted(partition, fold, apart)
            return len(crowded)

    def rewrite(self, partition: Mapping[str, Any], columns: Mapping[str, str]) -> None:
        """Puts other values into columns of one partition, in one commit; rows and load_ids are kept.

        `columns`: SQL of the program's own over the columns that are there. The partition is written sorted.
        """
        with self._writing():
            self._check_partition(partition)
            self._rewrite_sorted(dict(partition), columns=columns)

    def squeeze(self, partition: Mapping[str, Any], *, target_bytes: int) -> int:
        """Puts the files of one partition that are smaller than `target_bytes` together, in one commit, and returns
        how many there were. Rows and load_ids are kept, their order is not defined; quick, unlike `compact`."""
        with self._writing():
            filters = [(name, "=", str(value)) for name, value in partition.items()]
            done = self._required().optimize.compact(
                filters, target_size=target_bytes, max_concurrent_tasks=1, commit_properties=self._commit()
            )
            return int(done["numFilesRemoved"])

    def retain(self, column: str, since: date | datetime) -> int:
        """Deletes the rows whose `column` is before `since` and returns their number; nulls stay.

        Files without such rows are not touched. The bytes are freed by `vacuum`.
        """
        with self._writing():
            delta = self._required()
            names = arrow_schema(delta).names
            if column not in names:
                raise RequestRefused(f"{self.path.name}: no column '{column}'{nearest(column, names)}")
            bound = since.astimezone(UTC).isoformat() if isinstance(since, datetime) else since.isoformat()
            done = delta.delete(f"{quoted(column)} < '{bound}'", commit_properties=self._commit())
            return int(done["num_deleted_rows"] or 0)

    def vacuum(self, *, older_than_hours: int = 168) -> int:
        """Removes data files that no version of the last `older_than_hours` uses; returns their number.

        Versions older than that can no longer be read; a reader must not be at work on one.
        """
        with self._writing():
            gone = self._required().vacuum(
                retention_hours=older_than_hours, dry_run=False, enforce_retention_duration=False, full=True
            )
            return len(gone)

    def files(self, version: int | None = None) -> list[LakeFile]:
        """The active data files, in a stable order."""
        delta = self._current() if version is None else self._at(version)
        return [] if delta is None else sorted(active_files(self.path, delta), key=lambda file: file.path)

    def relation_sql(
        self,
        *,
        version: int | None = None,
        columns: Sequence[str] | None = None,
        among: Collection[str] | None = None,
    ) -> str:
        """A SELECT for DuckDB over the active files of a version, or over those of them that are `among` some.

        Raises RequestRefused for a table never written.
        """
        delta = self._required() if version is None else self._at(version)
        if unreadable := set(delta.protocol().reader_features or ()) - {"timestampNtz"}:
            raise RequestRefused(f"{self.path.name}: written with Delta features that cannot be read: {unreadable}")
        schema = arrow_schema(delta)
        for name in columns or ():
            if name not in schema.names:
                raise RequestRefused(f"{self.path.name}: no column '{name}'{nearest(name, schema.names)}")
        paths = (file.path for file in active_files(self.path, delta))
        files = sorted(path for path in paths if among is None or path in among)
        return select_sql(files, schema, delta.metadata().partition_columns, columns or schema.names)

    def read(
        self,
        *,
        version: int | None = None,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        parameters: Sequence[Any] = (),
        connection: duckdb.DuckDBPyConnection | None = None,
    ) -> pa.Table:
        """Rows as Arrow, as of a version. `where` is SQL of the program's own, with ? for `parameters`.

        Order is not defined. Raises RequestRefused for a version that does not exist or was vacuumed.
        """
        inner = self.relation_sql(version=version)
        chosen = ", ".join(quoted(name) for name in columns) if columns is not None else "*"
        sql = f"select {chosen} from ({inner})" + (f" where {where}" if where else "")
        own = connection or open_duckdb()
        try:
            found: pa.Table = own.sql(sql, params=list(parameters) or None).to_arrow_table()
            return found
        except duckdb.IOException:
            raise RequestRefused(f"{self.path.name}: the files of version {version} are no longer kept") from None
        except duckdb.BinderException as error:
            raise RequestRefused(f"{self.path.name}: {str(error).splitlines()[0]}") from None
        finally:
            if connection is None:
                own.close()

    def history(self, limit: int | None = None) -> list[dict[str, Any]]:
        """The commits, newest first, as Delta notes them (`timestamp` in ms, `operation`, `version`, ...)."""
        delta = self._current()
        return [] if delta is None else delta.history(limit)

    def statistics(self) -> pa.Table:
        """What the Delta log says of each active file: num_records, size_bytes, min.<column>, max.<column>, ..."""
        delta = self._current()
        return pa.table({}) if delta is None else pa.table(delta.get_add_actions(flatten=True))

    def _current(self) -> DeltaTable | None:
        try:
            if self._delta is None:
                self._delta = DeltaTable(self.path)
            else:
                self._delta.update_incremental()
        except TableNotFoundError:
            self._delta = None
        except DeltaError as error:
            raise DataRefused(f"{self.path}: the table's log cannot be read: {_first_line(error)}") from None
        return self._delta

    def _required(self) -> DeltaTable:
        delta = self._current()
        if delta is None:
            raise RequestRefused(f"there is no table '{self.path.name}' yet in {self.path.parent}")
        return delta

    def _at(self, version: int) -> DeltaTable:
        newest = self._required().version()
        if 0 <= version <= newest:
            try:
                return DeltaTable(self.path, version=version)
            except DeltaError:
                pass
        raise RequestRefused(f"{self.path.name}: there is no version {version}; the newest is {newest}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock.hold():
            try:
                yield
            except DeltaError as error:
                raise EngineFault(f"{self.path.name}: {_first_line(error)}") from error

    def _is_noted(self, application: tuple[str, int] | None) -> bool:
        noted = self.application_version(application[0]) if application else None
        return application is not None and noted is not None and noted >= application[1]

    def _write(
        self, rows: pa.Table, load_id: int | None, application: tuple[str, int] | None, how: Mapping[str, Any],
        keys: Sequence[str] = (),
    ) -> Appended:  # fmt: skip
        load = self._next_load(load_id)
        delta, layout = self._current(), self.layout
        marked = _marked(layout.with_month(rows), load)
        known = None if delta is None else arrow_schema(delta)
        ready = conform(marked, known, where=self.path.name)
        grows = known is not None and len(ready.column_names) > len(known.names)
        self._check_partitions_exist(layout, ready.column_names)
        if delta is not None and keys:
            put_rows(delta, ready, keys, grows=grows, commit=self._commit(load, application))
            return Appended(self.version, load, rows.num_rows, written=True)
        write_deltalake(  # type: ignore[call-overload]
            delta or self.path,
            ready,
            partition_by=list(layout.partitions) or None,
            schema_mode="merge" if grows else None,
            commit_properties=self._commit(load, application),
            **({} if delta else {"configuration": layout.configuration, "description": layout.to_json()}),
            **how,
        )
        return Appended(self.version, load, rows.num_rows, written=True)

    def _next_load(self, load_id: int | None) -> int:
        last = self.load_id
        if load_id is not None and load_id <= last:
            raise RequestRefused(f"{self.path.name}: load_id {load_id} does not grow; the last one was {last}")
        return last + 1 if load_id is None else load_id

    def _commit(self, load: int | None = None, application: tuple[str, int] | None = None) -> CommitProperties:
        transactions = [Transaction(*application)] if application else []
        if load is not None:
            transactions.append(Transaction(_LOADS, load))
        notes = {"keepwell.load_id": str(load)} if load is not None else None
        return CommitProperties(app_transactions=transactions, custom_metadata=notes)

    def _check_partition(self, partition: Mapping[str, Any]) -> None:
        allowed = list(self.layout.partitions)
        for name in partition:
            if name not in allowed:
                listed = ", ".join(allowed) or "nothing"
                raise RequestRefused(f"{self.path.name}: not partitioned by '{name}' but by {listed}")

    def _check_partitions_exist(self, layout: TableLayout, names: Sequence[str]) -> None:
        if missing := [name for name in layout.partitions if name not in names]:
            raise DataRefused(f"{self.path.name}: the rows lack the partition column '{missing[0]}'")

    def _within(self, partition: Mapping[str, Any], rows: pa.Table) -> pa.Table:
        rows = self.layout.with_month(rows)
        for name, value in partition.items():
            if name not in rows.column_names:
                kind = pa.string() if value is None else None
                filled = pa.array([value] * rows.num_rows, kind)
                rows = rows.append_column(name, filled)
            found = pc.unique(rows[name]).to_pylist()
            if any(other != value for other in found):
                raise DataRefused(f"{self.path.name}: rows of {name} {found[:3]} cannot replace {name} {value!r}")
        return rows

    def _rewrite_sorted(
        self,
        partition: dict[str, Any],
        fold: str | None = None,
        apart: int = 0,
        *,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        delta = self._required()
        schema = arrow_schema(delta)
        order = [quoted(name) for name in (*self.layout.sort_by, LOAD_ID) if name in schema.names]
        where = f" where {partition_predicate(partition)}" if partition else ""
        put = ", ".join(f"{sql} as {quoted(name)}" for name, sql in (columns or {}).items())
        source = f"({self.relation_sql()}){where}"
        rows = f"select *{f' replace ({put})' if put else ''} from {source}"
        rows = folded_sql(source, schema.names, fold, LOAD_ID, apart) if fold else rows
        sql = f"select * from ({rows}) order by {', '.join(order)}"
        with open_duckdb() as connection:
            reader = connection.sql(sql).to_arrow_reader(100_000)
            write_deltalake(
                delta,
                pa.RecordBatchReader.from_batches(schema, (_as_schema(batch, schema) for batch in reader)),
                mode="overwrite",
                predicate=partition_predicate(partition) or None,
                partition_by=list(delta.metadata().partition_columns) or None,
                commit_properties=self._commit(),
            )


def _as_schema(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    return batch.cast(schema)


def _marked(rows: pa.Table, load: int) -> pa.Table:
    rows = rows.drop_columns([LOAD_ID]) if LOAD_ID in rows.column_names else rows
    return rows.append_column(LOAD_ID, pa.array([load] * rows.num_rows, pa.int64()))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300]
