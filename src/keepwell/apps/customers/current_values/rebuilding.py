"""Builds the table anew from the values of a run, beside the one in use, and puts it in its place by renaming.

It belongs into the transaction in which the run becomes current, as its last step: readers wait for the commit only.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection

from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.customers.current_values.columns import (
    KEY,
    SEGMENT,
    TABLE,
    Columns,
    column_name,
    quoted,
    written_columns,
)
from keepwell.definitions.expressions import Expression, names_in
from keepwell.definitions.project import Project
from keepwell.engine.values import Values

_NEXT = f"{TABLE}_next"
_MOST_COLUMNS, _MOST_INDEXES = 1500, 16
_NO_NULL_CHARACTER = "\x00"


def rebuild(
    project: Project, values: Values, metrics: pa.Table, members: Mapping[str, Sequence[str]], as_of: date
) -> None:
    """`metrics`: of all accounts in the order of `values.accounts`, those that rest on scores included.

    `members`: segments by account. A metric stands for an attribute of the same name, as in expressions.
    """
    table = typed(values, metrics)
    segments = tuple(sorted(project.segments))
    kept = {name: postgres_type(table.schema.field(name).type)[1] for name in table.column_names}
    named = {column_name(name): column for name, column in zip(table.column_names, table.columns, strict=True)}
    rows = pa.table({KEY: values.accounts.ids, **named, **memberships(values.accounts.ids, segments, members)})
    columns = Columns(as_of, kept, segments, _labels(project), _edges(project))
    _write(rows, written_columns(columns), _indexed(project, table.column_names))


def _write(rows: pa.Table, comment: str, indexed: Iterable[str]) -> None:
    columns = ", ".join(f"{quoted(field.name)} {postgres_type(field.type)[0]}" for field in rows.schema)
    hold(Lock.CURRENT_VALUES)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {_NEXT}")
        cursor.execute(f"create table {_NEXT} ({columns})")
        with cursor.copy(f"copy {_NEXT} from stdin (format csv)") as copy:
            for batch in rows.to_batches(max_chunksize=20_000):
                copy.write(_as_csv(batch))
        cursor.execute(f"create unique index on {_NEXT} ({quoted(KEY)})")
        for name in indexed:
            cursor.execute(f"create index on {_NEXT} ({quoted(column_name(name))})")
        cursor.execute(f"analyze {_NEXT}")
        cursor.execute("select format('comment on table %%s is %%L', %s::text, %s::text)", [_NEXT, comment])
        (statement,) = cursor.fetchone()
        cursor.execute(statement)
        cursor.execute(f"drop table if exists {TABLE}")
        cursor.execute(f"alter table {_NEXT} rename to {TABLE}")


def _as_csv(batch: pa.RecordBatch) -> bytes:
    """Null is nothing between commas, an empty text is two quotes: PostgreSQL reads them apart."""
    out = io.BytesIO()
    pyarrow.csv.write_csv(batch, out, pyarrow.csv.WriteOptions(include_header=False))
    return out.getvalue()


def typed(values: Values, metrics: pa.Table) -> pa.Table:
    """The columns that expressions can name, as types that PostgreSQL has; others are left out."""
    found: dict[str, pa.Array] = {}
    for source in (values.accounts.attributes, values.accounts.metrics, metrics):
        found |= {name: source[name] for name in source.column_names}
    ready = {name: _plain(column) for name, column in found.items() if name and name != KEY}
    kept = {name: column for name, column in ready.items() if column is not None}
    return pa.table(dict(list(kept.items())[:_MOST_COLUMNS]))


def _plain(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | None:
    """NaN and infinity become null, so that comparisons need not look for them."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pc.replace_substring(column, _NO_NULL_CHARACTER, "")
    if pa.types.is_null(kind) or pa.types.is_decimal(kind) or kind == pa.uint64() or pa.types.is_floating(kind):
        number = column.cast(pa.float64())
        return pc.if_else(pc.is_finite(number), number, pa.scalar(None, pa.float64()))
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us"))
    return column if postgres_type(kind)[0] else None


def postgres_type(kind: pa.DataType) -> tuple[str, str]:
    """How PostgreSQL and Ibis call a type; empty for what expressions have no operations for."""
    if pa.types.is_boolean(kind):
        return "boolean", "boolean"
    if pa.types.is_integer(kind):
        return "bigint", "int64"
    if pa.types.is_floating(kind):
        return "double precision", "float64"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "text", "string"
    if pa.types.is_date(kind):
        return "date", "date"
    return ("timestamp", "timestamp") if pa.types.is_timestamp(kind) else ("", "")


def memberships(ids: pa.Array, segments: Sequence[str], members: Mapping[str, Sequence[str]]) -> dict[str, pa.Array]:
    """A column of the table for each of `segments`."""
    place = {one: row for row, one in enumerate(ids.to_pylist())}
    truth = {name: np.zeros(len(ids), np.bool_) for name in segments}
    for account, names in members.items():
        for name in names:
            if name in truth:
                truth[name][place[account]] = True
    return {column_name(SEGMENT + name): pa.array(column) for name, column in truth.items()}


def _indexed(project: Project, names: Iterable[str]) -> list[str]:
    """What is filtered often: what segments and the conditions of cards name, then what cards measure."""
    asked: list[Expression] = list(project.segments.values())
    for card in project.scorecards.values():
        asked += [one for one in (card.applies_to, *(override.when for override in card.overrides)) if one is not None]
    wanted = [name.dotted for expression in asked for name in names_in(expression)]
    wanted += [one.metric or name for card in project.scorecards.values() for name, one in card.measures.items()]
    held = set(names)
    return [name for name in dict.fromkeys(wanted) if name in held][:_MOST_INDEXES]


def _labels(project: Project) -> tuple[str, ...]:
    """Of the bands of all cards, worst to best, and what stands where there is no score."""
    schemes = [project.schemes[card.scheme] for card in project.scorecards.values()]
    return (*dict.fromkeys(label for scheme in schemes for label in scheme.labels), "unknown", "unassigned")


def _edges(project: Project) -> dict[str, tuple[float, ...]]:
    return {
        name: tuple(band.up_to for band in project.schemes[card.scheme].bands)
        for name, card in project.scorecards.items()
    }
