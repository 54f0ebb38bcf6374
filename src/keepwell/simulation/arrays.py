"""Array types, and the few pieces of arithmetic that every subject shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Column: TypeAlias = "pa.Array[Any]"

NEVER = np.int32(2**30)
"""A day number that no simulated day reaches: "has not happened"."""
_EPOCH = date(1970, 1, 1)
SECONDS_A_DAY = 86_400


def day_number(day: date) -> int:
    """Days since 1970-01-01, the unit of every date in this package and of Arrow's date32."""
    return (day - _EPOCH).days


def sigmoid(x: Doubles | Floats) -> Doubles:
    return 1.0 / (1.0 + np.exp(-np.asarray(x, dtype=np.float64)))


def add_months(days: Ints, months: Ints | int) -> Ints:
    """The same day of a later month; days after the 28th would fall out of February, so they become the 28th."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    offset = np.minimum((dates - month.astype("datetime64[D]")).astype(np.int64), 27)
    later = (month + np.asarray(months).astype("timedelta64[M]")).astype("datetime64[D]")
    moved: Ints = (later + offset.astype("timedelta64[D]")).astype(np.int64).astype(np.int32)
    return moved


def date_column(days: Ints, missing: Flags | None = None) -> Column:
    return pa.array(days.astype(np.int32), mask=missing).cast(pa.date32())


def time_column(seconds: Indices, missing: Flags | None = None) -> Column:
    """Whole seconds since 1970-01-01 as timestamps without offset, which the datasets read as UTC."""
    return pa.array(seconds * 1_000_000, mask=missing).cast(pa.timestamp("us"))


def at_clock(days: Ints, fraction: Doubles | Floats, opens: float = 7.0, closes: float = 19.0) -> Indices:
    """Seconds since 1970-01-01 at a fraction (0 to 1) of the working hours of each day."""
    hour = opens + (closes - opens) * fraction.astype(np.float64)
    return days.astype(np.int64) * SECONDS_A_DAY + (hour * 3600).astype(np.int64)


def day_of(seconds: Indices) -> Ints:
    return (seconds // SECONDS_A_DAY).astype(np.int32)


def coded(codes: npt.NDArray[np.integer], words: Sequence[str], missing: Flags | None = None) -> Column:
    """Text column from positions in a list of words; kept as a dictionary, which Parquet writes quickly."""
    return pa.DictionaryArray.from_arrays(codes.astype(np.int32), pa.array(words, type=pa.string()), mask=missing)
