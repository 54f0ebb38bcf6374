"""Indexes of a table that is about to be filled: built once at the end where most of its rows are new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_MANY = 50_000


@contextmanager
def built_at_the_end(incoming: int, *tables: str) -> Iterator[None]:
    """Within the transaction of a filling. Other transactions that read such a table wait until it ends, so this is
    done only where there are many new rows and no more than as many old ones: keeping each index row by row costs
    twice the time."""
    filled = [table for table in tables if _is_mostly_new(table, incoming)]
    rebuilt = [one for table in filled for one in _indexes(table)]
    checks = [(table, *one) for table in filled for one in _references(table)]
    with connection.cursor() as cursor:
        for table, name, _ in checks:
            cursor.execute(f'alter table {table} drop constraint "{name}"')
        for name, _ in rebuilt:
            cursor.execute(f'drop index "{name}"')
        yield
        if rebuilt:
            cursor.execute("set constraints all immediate")  # a table with checks that wait gets no index
            cursor.execute("set local maintenance_work_mem = '128MB'")
        for _, definition in rebuilt:
            cursor.execute(definition)
        for table, name, definition in checks:
            cursor.execute(f'alter table {table} add constraint "{name}" {definition}')


def _is_mostly_new(table: str, incoming: int) -> bool:
    if incoming < _MANY:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from (select 1 from {table} limit %s) few", [incoming + 1])
        return int(cursor.fetchone()[0]) <= incoming


def _references(table: str) -> list[tuple[str, str]]:
    """Constraints that ask another table for each row; asked once for all, they take a fraction of the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select conname, pg_get_constraintdef(oid) from pg_constraint "
            "where contype = 'f' and conrelid = %s::regclass",
            [table],
        )
        return [(name, definition) for name, definition in cursor.fetchall()]


def _indexes(table: str) -> list[tuple[str, str]]:
    """Those that no constraint rests on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select i.indexname, i.indexdef from pg_indexes i "
            "where i.schemaname = current_schema() and i.tablename = %s "
            "and not exists (select from pg_constraint c where c.conindid = i.indexname::regclass)",
            [table],
        )
        return [(name, definition) for name, definition in cursor.fetchall()]
