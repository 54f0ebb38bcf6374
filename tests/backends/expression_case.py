"""What a case of the table of expressions is, and the columns that its rows have.

Plain data. A row names only the columns that are not null. `as_of` is AS_OF; the segments are SEGMENTS.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

Value = float | str | bool | date | None

COLUMNS = {
    "a": "float64", "b": "float64", "i": "int64", "j": "int64", "s": "string", "t": "string", "p": "boolean",
    "q": "boolean", "d": "date", "e": "date", "ts": "timestamp",
}  # fmt: skip
AS_OF = date(2024, 3, 31)
SEGMENTS = {"large": "i >= 100"}

INF, NAN, MOST, LEAST = float("inf"), float("nan"), 1.7976931348623157e308, 5e-324


class Case(NamedTuple):
    """`fault`: whether the value, or a part that nothing stood in for, became null for a domain reason."""

    expression: str
    row: dict[str, Value]
    value: Value
    fault: bool = False
