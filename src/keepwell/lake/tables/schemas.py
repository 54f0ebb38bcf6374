"""What may be written into a table that has rows already: more columns yes, other types no."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import pyarrow as pa
import pyarrow.types as pat
from deltalake import DeltaTable

from keepwell.errors import DataRefused

_UTC = pa.timestamp("us", "UTC")


def stored_type(kind: pa.DataType) -> pa.DataType | None:
    """The stored type: Delta has no large, view, dictionary or unsigned types. None for a column of nothing."""
    if pat.is_null(kind):
        return None
    if pat.is_dictionary(kind):
        return stored_type(kind.value_type)
    if pat.is_large_string(kind) or kind == pa.string_view():
        return pa.string()
    if pat.is_large_binary(kind) or pat.is_fixed_size_binary(kind) or kind == pa.binary_view():
        return pa.binary()
    if pat.is_timestamp(kind):
        return _UTC
    if pat.is_date64(kind):
        return pa.date32()
    if pat.is_unsigned_integer(kind):
        return {8: pa.int16(), 16: pa.int32()}.get(kind.bit_width, pa.int64())
    if pat.is_list(kind) or pat.is_large_list(kind) or pat.is_fixed_size_list(kind):
        inner = stored_type(kind.value_type)
        return pa.list_(inner) if inner else None
    return kind


def arrow_schema(delta: DeltaTable) -> pa.Schema:
    """The columns of a table as Arrow has them."""
    fields: pa.Schema = pa.schema(delta.schema().to_arrow())
    return pa.schema([pa.field(field.name, _plain(field.type)) for field in fields])


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.list_(_plain(kind.value_type)) if pat.is_list(kind) else kind


def conform(rows: pa.Table, schema: pa.Schema | None, *, where: str) -> pa.Table:
    """The rows in the order and types of the table: missing columns are null, new ones come last.

    Integers and floats widen. Raises DataRefused, with every problem, for another type, for a time without zone (the
    lake keeps UTC), and for two columns that differ in case alone.
    """
    known = {field.name: field.type for field in schema} if schema is not None else {}
    problems = [*_name_problems(rows.column_names, known, where), *_zone_problems(rows.schema, where)]
    columns: dict[str, pa.ChunkedArray[Any]] = {
        name: pa.chunked_array([pa.nulls(rows.num_rows, kind)])
        for name, kind in known.items()
        if name not in rows.column_names
    }
    for name in [*(n for n in known if n in rows.column_names), *(n for n in rows.column_names if n not in known)]:
        target = known.get(name) or stored_type(rows.schema.field(name).type)
        if target is None:
            continue
        try:
            columns[name] = _cast(rows[name], target)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, TypeError) as error:
            problems.append(_type_problem(where, name, rows.schema.field(name).type, target, error))
    if problems:
        raise DataRefused(*problems)
    order = [*known, *(name for name in columns if name not in known)]
    return pa.Table.from_arrays([columns[name] for name in order], names=order)


def _cast(values: pa.ChunkedArray[Any], target: pa.DataType) -> pa.ChunkedArray[Any]:
    if values.type == target:
        return values
    values = values.cast(values.type.value_type) if pat.is_dictionary(values.type) else values
    if values.null_count < len(values) and not _widens(values.type, target):
        raise TypeError
    return values.cast(target)


def _widens(given: pa.DataType, target: pa.DataType) -> bool:
    if stored_type(given) == target or pat.is_null(given):
        return True
    if pat.is_integer(given):
        return pat.is_integer(target) or pat.is_floating(target)
    if pat.is_list(target):
        return hasattr(given, "value_type") and _widens(given.value_type, target.value_type)
    return pat.is_floating(given) and pat.is_floating(target)


def _type_problem(where: str, name: str, given: pa.DataType, target: pa.DataType, error: Exception) -> str:
    reason = f" ({error})" if str(error) else ""
    return (
        f"{where}: column '{name}' is {target} in the table and {given} in the new rows{reason}; "
        "a column keeps its type: convert the rows, or write a column of another name"
    )


def _name_problems(names: list[str], known: Mapping[str, pa.DataType], where: str) -> list[str]:
    everything = [*known, *(name for name in names if name not in known)]
    lowered = [name.lower() for name in everything]
    problems = [
        f"{where}: columns differ in case alone: '{name}'" for name in everything if lowered.count(name.lower()) > 1
    ]
    return problems + [f"{where}: column '{name}' appears twice" for name in set(names) if names.count(name) > 1]


def _zone_problems(schema: pa.Schema, where: str) -> list[str]:
    return [
        f"{where}: column '{field.name}' holds times without a time zone; the lake keeps UTC: convert them first"
        for field in schema
        if pat.is_timestamp(field.type) and field.type.tz is None
    ]


def nearest(name: str, names: list[str]) -> str:
    """'; did you mean ...?' or nothing."""
    found = get_close_matches(name, names, n=1)
    return f"; did you mean '{found[0]}'?" if found else ""
