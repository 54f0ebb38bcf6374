"""Expressions of rules as expressions over the columns of one table: looks back become names of columns."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from keepwell.definitions.expressions import Expression, Name, Past


def without_past(expression: Expression) -> Expression:
    """The expression with `change_over(score, 28)` as the name of the column that holds it."""
    if isinstance(expression, Past):
        return Name((str(expression),), offset=expression.offset)
    changed = {
        field.name: new
        for field in fields(expression)
        if (new := _rewritten(getattr(expression, field.name))) is not getattr(expression, field.name)
    }
    return replace(expression, **changed) if changed else expression


def _rewritten(value: Any) -> Any:
    if isinstance(value, Expression):
        return without_past(value)
    if isinstance(value, tuple) and any(is_dataclass(one) for one in value):
        new = tuple(_rewritten(one) for one in value)
        return value if all(a is b for a, b in zip(value, new, strict=True)) else new
    return value
