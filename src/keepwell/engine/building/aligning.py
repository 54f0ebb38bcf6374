"""Puts what a backend returned, row by row in any order, beside the entities of the population."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.metrics import AggregateMetric
from keepwell.engine.metrics.lowering import FAULTS, OBSERVED
from keepwell.engine.metrics.visible import ENTITY
from keepwell.engine.values import Days

_NO_NUMBER = pa.scalar(None, pa.float64())


def plain(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One contiguous array of a type that values may have: float64, string, bool, date32 or timestamp[us]; no NaN.

    Dates and times lie in the years 1 to 9999.
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # an empty chunked array stays one
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    kind = array.type
    if pa.types.is_dictionary(kind):
        array, kind = array.dictionary_decode(), kind.value_type
    if pa.types.is_integer(kind):
        return array.cast(pa.float64(), safe=False)
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        number = array.cast(pa.float64(), safe=False)
        finite = pc.is_finite(number)
        return (
            number if finite.true_count + finite.null_count == len(finite) else pc.if_else(finite, number, _NO_NUMBER)
        )
    if pa.types.is_timestamp(kind):
        return _of_the_calendar(array.cast(pa.timestamp("us"), safe=False), datetime.min, datetime.max)
    if pa.types.is_date(kind):
        return _of_the_calendar(array.cast(pa.date32()), date.min, date.max)
    if pa.types.is_null(kind):
        return array.cast(pa.float64())
    return array if pa.types.is_boolean(kind) else array.cast(pa.string())


def _of_the_calendar(array: pa.Array, first: date, last: date) -> pa.Array:
    """Infinity, and days that no calendar of ours has, as null."""
    inside = pc.and_(
        pc.greater_equal(array, pa.scalar(first, array.type)), pc.less_equal(array, pa.scalar(last, array.type))
    )
    return pc.if_else(inside, array, pa.scalar(None, array.type))


class Aligned:
    """Aggregates of one kind of entity at one moment, looked up by metric and put in the order of `ids`."""

    def __init__(self, ids: pa.Array, tables: Sequence[pa.Table]) -> None:
        self._ids = ids
        self._tables = {name: table for table in tables for name in table.column_names if name != ENTITY}
        self._places: dict[int, pa.Array] = {}

    def values(self, name: str, metric: AggregateMetric) -> pa.Array:
        """The metric for every entity; entities without a row get what no rows give."""
        column = plain(self._aligned(name))
        if metric.zero_when_empty:
            return pc.fill_null(column, 0.0)
        if metric.aggregate.function in ("count", "count_distinct", "days_active", "distinct_days"):
            return pc.if_else(pc.equal(column, 0.0), pa.scalar(None, pa.float64()), column)
        return column

    def observed(self, name: str) -> Days | None:
        """The day of the latest row behind the metric for every entity; None where it is the date itself."""
        if OBSERVED + name not in self._tables:
            return None
        days = plain(self._aligned(OBSERVED + name)).cast(pa.date32())
        return days.to_numpy(zero_copy_only=False).astype("datetime64[D]")

    def faults(self, name: str) -> int:
        """Rows (of any account) whose arithmetic had no result."""
        table = self._tables.get(FAULTS + name)
        total = pc.sum(table[FAULTS + name]).as_py() if table is not None else 0
        return int(total or 0)

    def _aligned(self, column: str) -> pa.ChunkedArray:
        table = self._tables[column]
        if id(table) not in self._places:
            keys = plain(table[ENTITY].cast(pa.string()))
            self._places[id(table)] = pc.index_in(self._ids, value_set=keys)
        return table[column].take(self._places[id(table)])


def oldest(inputs: Sequence[date | Days], as_of: date, rows: int) -> date | Days:
    """The oldest of several observations, entity by entity; one that never was counts for nothing, and without any
    other the result is NaT. No inputs: `as_of`."""
    dates = [one for one in inputs if isinstance(one, date)]
    arrays = [one for one in inputs if not isinstance(one, date)]
    if not arrays:
        return min(dates, default=as_of)
    combined = np.full(rows, np.datetime64(min(dates), "D") if dates else np.datetime64("NaT", "D"))
    for array in arrays:
        combined = np.fmin(combined, array)  # any date wins over NaT
    return combined
