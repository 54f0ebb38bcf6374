"""A table or view is a stream: `table`, or `schema.table`. The cursor is any column that grows with every change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keepwell.connect.databases import engine_of
from keepwell.connect.failing import in_our_words
from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Page, Settings, Since, SourceRefused, Stream
from keepwell.connect.times import as_time

_ROWS = 20_000


def check(settings: Settings, door: Door) -> str:
    found = len(streams(settings, door))
    return "1 table or view can be read" if found == 1 else f"{found} tables and views can be read"


def streams(settings: Settings, door: Door) -> list[Stream]:
    import sqlalchemy

    with in_our_words(settings), engine_of(settings, door) as engine:
        inspector = sqlalchemy.inspect(engine)
        schema = settings["schema"] or None
        keys = inspector.get_multi_pk_constraint(schema=schema)
        tables = {name: (schema, name) for name in inspector.get_table_names(schema)}
        views = {name: (schema, name) for name in inspector.get_view_names(schema)}
        return [
            Stream(name, keys=tuple(keys.get(place, {}).get("constrained_columns", ())))  # type: ignore[call-overload]
            for name, place in sorted((tables | views).items())
        ]


def read(settings: Settings, door: Door, stream: str, since: Since | None) -> Iterator[Page]:
    import dlt
    from dlt.sources.sql_database import sql_table

    with in_our_words(settings), engine_of(settings, door) as engine:
        schema, _, table = stream.rpartition(".")
        schema = schema or settings["schema"]
        newer = None
        if since is not None:
            value = _typed(engine, schema, table, since)
            newer = dlt.sources.incremental(since.column, initial_value=value)
        yield from sql_table(
            credentials=engine, table=table, schema=schema or None, incremental=newer, backend="pyarrow",
            chunk_size=_ROWS, reflection_level="full_with_precision", defer_table_reflect=False,
        )  # fmt: skip


def _typed(engine: Any, schema: str, table: str, since: Since) -> Any:
    """The cursor as the database's type has it."""
    import sqlalchemy

    columns = {one["name"]: one["type"] for one in sqlalchemy.inspect(engine).get_columns(table, schema or None)}
    if since.column not in columns:
        raise SourceRefused(f"{table} has no column '{since.column}' to read on from; it has {', '.join(columns)}")
    kind = columns[since.column]
    if isinstance(kind, sqlalchemy.DateTime):
        moment = as_time(since.value)
        return moment if getattr(kind, "timezone", False) else moment.replace(tzinfo=None)
    return as_time(since.value).date() if isinstance(kind, sqlalchemy.Date) else since.value
