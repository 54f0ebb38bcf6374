"""How many groups there are, and which of them are shown."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.reporting.queries import GROUPS, MOST_GROUPS, Query
from keepwell.errors import RequestRefused


def found_of(rows: pa.Table, query: Query) -> int:
    """How many groups the query has. Raises RequestRefused where there are too many for any chart."""
    if query.limit is not None:
        return int(rows[GROUPS][0].as_py()) if rows.num_rows else 0
    if rows.num_rows > MOST_GROUPS:
        raise RequestRefused(
            f"there are more than {MOST_GROUPS:,} values to tell apart; take a coarser dimension, a filter, or a table"
        )
    return int(rows.num_rows)


def largest(rows: pa.Table, key: str | None, measure: str, most: int) -> tuple[pa.Table, int]:
    """The rows of the `most` values of a dimension with the largest sum of a measure, and how many values there are."""
    if key is None or not rows.num_rows:
        return rows, 1
    sums = rows.group_by(key).aggregate([(measure, "sum")]) if is_number(rows[measure]) else None
    values = sums[key] if sums is not None else pc.unique(rows[key])
    if (count := len(values)) <= most:
        return rows, count
    if sums is not None:
        places = pc.sort_indices(sums, sort_keys=[(f"{measure}_sum", "descending"), (key, "ascending")])
        values = values.take(places.slice(0, most))
    else:
        values = values.slice(0, most)
    return rows.filter(_is_one_of(rows[key], values)), count


def is_number(column: pa.ChunkedArray) -> bool:
    """Whether a column can be added up."""
    return bool(pa.types.is_floating(column.type) or pa.types.is_integer(column.type))


def _is_one_of(column: pa.ChunkedArray, values: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Null is one of values that hold a null."""
    wanted = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return pc.is_in(column, value_set=wanted)
