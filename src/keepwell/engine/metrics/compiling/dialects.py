"""The table of differences between backends, as far as expressions meet them.

Ibis speaks for all three; here is only what it leaves to the backend, or translates to something of another meaning.
Functions are called through builtin UDFs, which name a function of the backend and its types and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

Builtin = Callable[..., Any]


def _builtin(name: str, *arguments: str, result: str) -> Builtin:
    shapes: dict[int, Callable[..., None]] = {1: lambda x: None, 2: lambda x, y: None}  # noqa: ARG005
    call: Builtin = ibis.udf.scalar.builtin(shapes[len(arguments)], name=name, signature=(arguments, result))
    return call


def _unary(name: str) -> Builtin:
    return _builtin(name, "float64", result="float64")


@dataclass(frozen=True)
class Dialect:
    """One backend.

    `is_ieee`: an overflow gives infinity, which is read as null later; elsewhere it is an error and must not happen.
    `like_escapes`: a backslash in a pattern escapes, and must be doubled to stand for itself.
    `end_of_text`: what ends a regular expression at the very end of the text, a last line break included.
    """

    name: str
    is_ieee: bool
    like_escapes: bool
    end_of_text: str
    trim: Builtin
    log10: Builtin


_DIALECTS = (
    Dialect(
        "duckdb",
        is_ieee=True,
        like_escapes=False,
        end_of_text=r"\z",
        trim=_builtin("trim", "string", result="string"),
        log10=_unary("log10"),
    ),
    Dialect(
        "postgres",
        is_ieee=False,
        like_escapes=True,
        end_of_text=r"\Z",
        trim=_builtin("btrim", "string", result="string"),
        log10=_unary("log"),
    ),
    Dialect(
        "pyspark",
        is_ieee=True,
        like_escapes=True,
        end_of_text=r"\z",
        trim=_builtin("trim", "string", result="string"),
        log10=_unary("log10"),
    ),
)

DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in _DIALECTS}

floor = _unary("floor")
ceil = _unary("ceil")
truncate = _unary("trunc")
round_half_away = _unary("round")
floor_to_whole = _builtin("floor", "float64", result="int64")
ceil_to_whole = _builtin("ceil", "float64", result="int64")
ln = _unary("ln")
exp = _unary("exp")
sqrt = _unary("sqrt")
power = _builtin("power", "float64", "float64", result="float64")
days_between = {
    "postgres": _builtin("date_mi", "date", "date", result="int32"),
    "pyspark": _builtin("datediff", "date", "date", result="int32"),
}
"""Days from the second date to the first."""

add_days = {
    "postgres": _builtin("date_pli", "date", "int32", result="date"),
    "pyspark": _builtin("date_add", "date", "int32", result="date"),
}
add_months = {"pyspark": _builtin("add_months", "date", "int32", result="date")}
to_days = _builtin("to_days", "int32", result="interval('D')")
to_months = _builtin("to_months", "int32", result="interval('M')")

text_orders = {
    "<": _builtin("text_pattern_lt", "string", "string", result="boolean"),
    "<=": _builtin("text_pattern_le", "string", "string", result="boolean"),
    ">": _builtin("text_pattern_gt", "string", "string", result="boolean"),
    ">=": _builtin("text_pattern_ge", "string", "string", result="boolean"),
}
"""PostgreSQL's comparisons of text byte by byte, which in UTF-8 is by code point, whatever the collation."""

_bytes_of = _builtin("convert_to", "string", "string", result="binary")
_text_of = _builtin("convert_from", "binary", "string", result="string")


def to_code_points(value: ir.Value, dialect: str) -> ir.Value:
    """A text as something that the backend orders by code point: on PostgreSQL its bytes. Everything else is itself."""
    ordered: ir.Value = _bytes_of(value, "UTF8") if dialect == "postgres" and value.type().is_string() else value
    return ordered


def from_code_points(value: ir.Value, dialect: str) -> ir.Value:
    """The text again that `to_code_points` was given."""
    text: ir.Value = _text_of(value, "UTF8") if dialect == "postgres" else value
    return text
