"""What a test would make anew each time, made once for each process: its rows and its files are put back instead."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction


@dataclass(frozen=True)
class Template:
    """`rows`: by table and its columns, as PostgreSQL copies them. Numbers of rows are never given out again, so that
    they meet no others; what they refer to has to have the same numbers in every test. `tables`: the statements that
    make those that no migration makes."""

    folder: Path
    tables: Sequence[str]
    rows: Mapping[tuple[str, str], bytes]

    def put_back(self, folder: Path) -> None:
        """The rows into the test's database and the files into its folder; nothing remembers another test's."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        with transaction.atomic(), connection.cursor() as cursor:  # what refers to each other comes in any order
            for statement in self.tables:
                cursor.execute(statement)
            for (table, columns), rows in self.rows.items():
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)") as copy:
                    copy.write(rows)
        forget()


def made(make: Callable[[], None], folder: Path, kept_in: Path) -> Template:
    """Calls `make`, which fills the database and `folder`, and keeps what it made."""
    before = _sizes()
    make()
    after = _sizes()
    grew = [table for table, size in after.items() if size != before.get(table) and not _of_jobs(table)]
    grown = {table: _columns(table) for table in grew}
    rows = {(table, columns): _copied(table, columns) for table, columns in grown.items()}
    tables = [statement for table in sorted(after.keys() - before.keys()) for statement in _statements(table)]
    return Template(Path(shutil.copytree(folder, kept_in)), tables, rows)


def _of_jobs(table: str) -> bool:
    """Jobs that were asked for while it was made belong to no test."""
    return table.startswith("procrastinate_")


def forget() -> None:
    """Empties what functions of the application remember for the process."""
    for name in [name for name in sys.modules if name.startswith("keepwell.apps.")]:
        for one in list(vars(sys.modules[name]).values()):
            if hasattr(one, "cache_clear"):
                one.cache_clear()


def _sizes() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {table: _size(cursor, table) for table in sorted(connection.introspection.table_names(cursor))}


def _size(cursor: object, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")  # type: ignore[attr-defined]
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]


def _columns(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
            "WHERE table_name = %s AND table_schema = 'public' AND is_generated = 'NEVER'",
            [table],
        )
        return str(cursor.fetchone()[0])


def _statements(table: str) -> Iterator[str]:
    """The table with its comment and its indexes, in place of what a test left that empties tables when it ends."""
    yield f"DROP TABLE IF EXISTS {table}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('CREATE TABLE %%s (%%s)', %s::text, string_agg(format('%%I %%s', attname, "
            "format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table, table],
        )
        yield cursor.fetchone()[0]
        cursor.execute("SELECT format('COMMENT ON TABLE %%s IS %%L', %s::text, obj_description(%s::regclass))",
                       [table, table])  # fmt: skip
        yield cursor.fetchone()[0]
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
        yield from [row[0] for row in cursor.fetchall()]


def _copied(table: str, columns: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) TO STDOUT (FORMAT binary)") as copy:
        return b"".join(bytes(block) for block in copy)
