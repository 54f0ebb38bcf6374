"""Arrow columns as NumPy arrays, and back, with one rule for nulls."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Dates = npt.NDArray[np.datetime64]
Column: TypeAlias = pa.ChunkedArray | pa.Array


def one_array(column: Column) -> pa.Array:
    """The column in one piece; without a copy where it is in one piece already."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def numbers(column: Column) -> Floats:
    """float64 with NaN for null and for infinity; booleans are 0 and 1; text and dates have no number and are all
    NaN.
    """
    array = one_array(column)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_boolean(array.type) or pa.types.is_decimal(array.type) or pa.types.is_integer(array.type):
        array = array.cast(pa.float64(), safe=False)
    if not pa.types.is_floating(array.type):
        return np.full(len(array), np.nan)
    found = np.asarray(array.to_numpy(zero_copy_only=False), np.float64)
    infinite = np.isinf(found)
    return np.where(infinite, np.nan, found) if infinite.any() else found


def texts(column: Column) -> pa.StringArray:
    """How values read as text: booleans as true and false, whole numbers without a point, dates as 2026-10-31."""
    array = one_array(column)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_string(array.type):
        return array
    if pa.types.is_floating(array.type):
        return pa.array([_number_text(value) for value in array.to_pylist()], pa.string())
    return pc.cast(array, pa.string())


def truths(column: Column) -> npt.NDArray[np.bool_]:
    """A condition's truth for each row: null counts as false."""
    array = one_array(column)
    if not pa.types.is_boolean(array.type):
        array = array.cast(pa.bool_())
    found: npt.NDArray[np.bool_] = array.fill_null(False).to_numpy(zero_copy_only=False)
    return found


def instants(column: Column) -> npt.NDArray[np.int64]:
    """Microseconds since 1970 of timestamps; the smallest integer for null."""
    array = one_array(column).cast(pa.timestamp("us")).cast(pa.int64())
    found: npt.NDArray[np.int64] = array.fill_null(np.iinfo(np.int64).min).to_numpy(zero_copy_only=False)
    return found


def dates(column: Column) -> Dates:
    """datetime64[D], NaT for null."""
    array = one_array(column)
    return array.cast(pa.date32()).to_numpy(zero_copy_only=False).astype("datetime64[D]")


def nullable(array: npt.NDArray[Any]) -> pa.Array:
    """An Arrow array of floats or dates in which NaN and NaT are null."""
    if array.dtype.kind == "M":
        return pa.array(array.astype("datetime64[D]"), pa.date32())
    missing = np.isnan(array)
    return pa.array(array, pa.float64(), mask=missing if missing.any() else None)


def _number_text(value: float | None) -> str | None:
    if value is None or math.isnan(value):
        return None
    return str(int(value)) if value.is_integer() else repr(value)
