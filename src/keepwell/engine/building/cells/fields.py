"""The columns of a reduction as numbers, and numbers as values again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.building.cells.reach import Numbers
from keepwell.engine.metrics.cells.plan import CellPartial

Value = Callable[[Numbers], pa.Array]


@dataclass(frozen=True)
class Field:
    """A partial by row. `value`: what a number stands for, null for infinity."""

    numbers: Numbers
    value: Value


def field_of(partial: CellPartial, column: pa.ChunkedArray) -> Field:
    """Sums and counts as they are; extremes, ages and ranks so that the least number is the one that is wanted."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if partial.kind in ("rows", "sum", "faults"):
        return Field(pc.fill_null(array, 0).to_numpy(zero_copy_only=False), pa.array)
    if partial.kind in ("age", "rank"):
        return Field(_or_infinity(array), with_nulls)
    sign = -1.0 if partial.kind == "largest" else 1.0
    ordered, value = _ordered(array)
    return Field(_or_infinity(ordered, sign), lambda numbers: value(sign * numbers))


def with_nulls(numbers: Numbers) -> pa.Array:
    return pa.array(numbers, mask=np.isinf(numbers))


def _or_infinity(array: pa.Array, sign: float = 1.0) -> Numbers:
    numbers = array.cast(pa.float64(), safe=False)
    found: Numbers = sign * pc.fill_null(numbers, sign * np.inf).to_numpy(zero_copy_only=False)
    return found


def _ordered(array: pa.Array) -> tuple[pa.Array, Value]:
    """Numbers as they are; everything else by its place among its different values, texts by code point."""
    kind = array.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return array, with_nulls
    encoded = array.dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary)
    values, places = encoded.dictionary.take(order), np.empty(len(order), dtype=np.int64)
    places[order.to_numpy()] = np.arange(len(order))
    placed = pa.array(places).take(encoded.indices)
    return placed, lambda numbers: values.take(with_nulls(numbers).cast(pa.int64()))
