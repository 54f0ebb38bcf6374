"""The smallest and the largest value of a group, texts by code point whatever the collation of the backend."""

from __future__ import annotations

import ibis.expr.types as ir

from keepwell.engine.metrics.compiling.dialects import to_code_points


def smallest(column: ir.Value, dialect: str, where: ir.BooleanValue | None = None) -> ir.Value:
    if _is_collated(column, dialect):
        return column.argmin(to_code_points(column, dialect), where=where)
    return column.min(where=where)


def largest(column: ir.Value, dialect: str, where: ir.BooleanValue | None = None) -> ir.Value:
    if _is_collated(column, dialect):
        return column.argmax(to_code_points(column, dialect), where=where)
    return column.max(where=where)


def _is_collated(column: ir.Value, dialect: str) -> bool:
    return dialect == "postgres" and isinstance(column, ir.StringValue)
