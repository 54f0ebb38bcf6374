"""Between runs the table follows what is scored again: the rows of some accounts, in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import pyarrow as pa
from django.db import connection

from keepwell.apps.customers.current_values.columns import KEY, TABLE, Columns, column_name, current_columns, quoted
from keepwell.apps.customers.current_values.rebuilding import memberships, postgres_type, typed
from keepwell.engine.values import Values

_encode = msgspec.json.Encoder(enc_hook=str).encode


def follow(values: Values, metrics: pa.Table, members: Mapping[str, Sequence[str]]) -> None:
    """Puts attributes, metrics and segments of accounts into their rows.

    `metrics`, `members`: as `rebuild` takes them. Left out is a column that the table does not have, or has of another
    type.
    """
    held = current_columns()
    if held is None or not len(values.accounts):
        return
    table = typed(values, metrics)
    names = [name for name in table.column_names if _has(held, name, table.schema.field(name).type)]
    cells = {column_name(name): table[name] for name in names}
    cells |= memberships(values.accounts.ids, held.segments, members)
    if cells:
        _write(values.accounts.ids, pa.table(cells))


def _has(held: Columns, name: str, kind: pa.DataType) -> bool:
    return held.types.get(name) == postgres_type(kind)[1]


def _write(ids: pa.Array, table: pa.Table) -> None:
    """Columns as the table calls them, in one statement whatever the number of rows; those that are so already stay."""
    columns = [quoted(name).replace("%", "%%") for name in table.column_names]
    types = [postgres_type(field.type)[0] for field in table.schema]
    rows = list(zip(ids.to_pylist(), *(column.to_pylist() for column in table.columns), strict=True))
    named = enumerate(zip(columns, types, strict=True), 1)
    cells = ", ".join(f"(row->>{place})::{kind} as {name}" for place, (name, kind) in named)
    put, new = ", ".join(f"{one} = new.{one}" for one in columns), ", ".join(f"new.{one}" for one in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {TABLE} as held set {put} "
            f"from (select row->>0 as key, {cells} from json_array_elements(%s::json) as row) as new "
            f"where held.{quoted(KEY)} = new.key and ({', '.join(f'held.{one}' for one in columns)}) "
            f"is distinct from ({new})",
            [_encode(rows).decode()],
        )
