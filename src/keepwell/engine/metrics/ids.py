"""Ids as text, alike whatever type a source keeps them in: rows meet by what is written here."""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from keepwell.engine.metrics.compiling.dialects import floor

_WHOLE_IN_FLOATS = 2.0**63


def id_text(column: ir.Value) -> ir.StringValue:
    """An id as text. A whole number has no fraction, so 12, 12.0 and 12.00 are one id; null stays null."""
    kind, text = column.type(), column.cast("string")
    if isinstance(kind, dt.Floating):  # as pandas writes whole numbers among which one is missing
        number = column.cast("float64")
        is_whole = (number.abs() < _WHOLE_IN_FLOATS) & (number == floor(number))
        return ibis.ifelse(is_whole, number.cast("int64").cast("string"), text)
    if isinstance(kind, dt.Decimal) and kind.scale != 0:
        whole = column.cast("decimal(38, 0)")
        return ibis.ifelse(column == whole.cast(kind), whole.cast("string"), text)
    return text


def as_id(column: ir.Value) -> ir.Value:
    """The same, but for types that read alike everywhere, which stay as they are: grouping them is cheaper."""
    return column if isinstance(column.type(), dt.Integer | dt.String) else id_text(column)
