"""From a column as it stands in a file to a typed column: one SQL expression, and when a value does not fit.

A cast alone will not do: DuckDB rounds '1.5' to an integer and drops the offset of '10:00+02' without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from keepwell.lake.files.source import KINDS
from keepwell.lake.statements import literal, only, quoted

SNIFFED = ("BOOLEAN", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR")
TIME_ZONED = "TIMESTAMP WITH TIME ZONE"
_INTEGERS = "BIGINT|INTEGER|SMALLINT|TINYINT|HUGEINT|UBIGINT|UINTEGER|USMALLINT|UTINYINT|UHUGEINT"
_TIMESTAMPS = rf"TIMESTAMP(_NS|_MS|_S)?|{TIME_ZONED}"
_NATIVE = {
    "text": r"VARCHAR",
    "number": rf"{_INTEGERS}|DOUBLE|FLOAT|DECIMAL.*",
    "boolean": r"BOOLEAN",
    "date": r"DATE",
    "timestamp": _TIMESTAMPS,
    "time": rf"DATE|{_TIMESTAMPS}",
}
_FALLBACK = {"number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP", "time": "TIMESTAMP"}
_HAS_OFFSET = (  # no regular expression: this runs for every value
    "length({x}) > 10 and (contains({x}, '+') or contains(substr({x}, 11), '-') or right({x}, 1) in ('Z', 'z', 'C'))"
)


@dataclass(frozen=True)
class Conversion:
    """One column: the SQL of its value, its type, and the SQL that is true for a row whose value does not fit."""

    column: str
    type: str
    value: str
    misfit: str | None = None
    kind: str = "text"


def fits_kind(kind: str, native: str) -> bool:
    """Whether a column of this DuckDB type already is of the declared kind."""
    return re.fullmatch(_NATIVE.get(kind, "(?!)"), native) is not None


def as_it_stands(column: str, native: str) -> Conversion:
    """A column that keeps the type it has."""
    return Conversion(column, native, quoted(column))


def from_text(column: str, target: str, kind: str) -> Conversion:
    """Text to `target`. White space alone is null; anything else that does not fit exactly is a misfit."""
    if target == "VARCHAR" and (kind == "text" or kind in KINDS):
        return Conversion(column, target, quoted(column))
    x = quoted(column)
    value = _format_value(x, kind) if kind not in KINDS else f"try_cast({x} as {target})"
    loose = _loose(x, value, target) if kind in KINDS else _out_of_range(value, target)
    misfit = f"({x} is not null and ({value} is null or {loose}) and trim({x}) <> '')"
    return Conversion(column, target, value, misfit, kind)


def format_target(pattern: str) -> str:
    """The type a strptime format yields: with an offset, a time of day, or a date alone."""
    if "%z" in pattern or "%Z" in pattern:
        return TIME_ZONED
    return "TIMESTAMP" if re.search(r"%-?[HIMSfcXg]", pattern) else "DATE"


def fallback(kind: str) -> str:
    """The type of a declared column that holds nothing."""
    return _FALLBACK.get(kind, "VARCHAR")


def profile(connection: duckdb.DuckDBPyConnection, staging: str, kinds: Mapping[str, str | None]) -> dict[str, str]:
    """The type each text column of `staging` really holds: one pass over every value.

    For a declared kind the type that fits most values; for None a type only where every value fits, else VARCHAR.
    """
    if not kinds:
        return {}
    counted = [f"count({sql})" for column in kinds for sql in _tests(quoted(column))]
    row: Sequence[int] = only(connection, f"select {', '.join(counted)} from {staging}")
    step = len(_tests(""))
    return {column: _choose(kind, row[at * step : (at + 1) * step]) for at, (column, kind) in enumerate(kinds.items())}


def _tests(x: str) -> list[str]:
    """Not blank, then one per type, each non-null where the value fits."""
    offset = _HAS_OFFSET.format(x=x)
    fits = [f"case when not ({_loose(x, f'try_cast({x} as {t})', t)}) then try_cast({x} as {t}) end" for t in _TRIED]
    return [f"nullif(trim({x}), '')", *fits, f"case when {offset} then try_cast({x} as {TIME_ZONED}) end"]


_TRIED = ("BOOLEAN", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP")


def _choose(kind: str | None, counts: Sequence[int]) -> str:
    filled, boolean, whole, number, date, naive, zoned = counts
    if kind == "number":
        return "BIGINT" if filled and whole >= number else "DOUBLE"
    if kind in ("timestamp", "time"):
        moment = TIME_ZONED if zoned > naive else "TIMESTAMP"
        return "DATE" if kind == "time" and date and date >= max(naive, zoned) else moment
    if kind is not None:
        return fallback(kind)
    fitting = {
        "BIGINT": whole,
        "DOUBLE": number,
        "BOOLEAN": boolean,
        "DATE": date,
        "TIMESTAMP": naive,
        TIME_ZONED: zoned,
    }
    return next((name for name, count in fitting.items() if filled and count == filled), "VARCHAR")


def _loose(x: str, value: str, target: str) -> str:
    """True where the cast of `x` succeeds though the text says something else."""
    if target == "BIGINT":
        return f"contains({x}, '.') or contains({x}, 'e') or contains({x}, 'E')"
    if target == "DATE":
        midnight = f"regexp_matches({x}, '[T ]00:00(:00([.]0+)?)?$')"
        return f"(length({x}) > 10 and not {midnight}) or {_out_of_range(value, target)}"
    if target == "TIMESTAMP":
        return f"({_HAS_OFFSET.format(x=x)}) or {_out_of_range(value, target)}"
    if target == TIME_ZONED:
        return f"not ({_HAS_OFFSET.format(x=x)}) or {_out_of_range(value, target)}"
    return "false"


def _out_of_range(value: str, target: str) -> str:
    if target == "VARCHAR":
        return "false"
    kind = {"DATE": "date", "TIMESTAMP": "timestamp"}.get(target, "timestamptz")
    high = "9999-12-31" if kind == "date" else "9999-12-31 00:00:00"
    return f"{value} not between {kind} '0001-01-01' and {kind} '{high}'"


def _format_value(x: str, pattern: str) -> str:
    parsed = f"try_strptime({x}, {literal(pattern)})"
    return f"cast({parsed} as date)" if format_target(pattern) == "DATE" else parsed
