"""From an expression of the definition language to the accounts for which it holds, as SQL.

Nothing of the text reaches the database: it is parsed, checked against the names in scope and compiled; its literals
are written by the compiler. Null counts as false.
"""

from __future__ import annotations

from functools import lru_cache

import ibis
import ibis.expr.types as ir

from keepwell.apps.customers.current_values.columns import KEY, SEGMENT, TABLE, Columns, column_name
from keepwell.definitions.expressions import (
    Expression,
    ExpressionError,
    NameScope,
    ValueType,
    check_condition,
    names_in,
    parse,
)
from keepwell.engine.metrics.compile import Scope, compile_expression

HEALTH = {"score": "float64", "label": "string", "change": "float64", "coverage": "float64"}
"""What current health adds to the names, where neither metric nor attribute is called so."""

_PLACE = "a filter of customers"
_TYPES = {
    "boolean": ValueType.BOOLEAN,
    "int64": ValueType.NUMBER,
    "float64": ValueType.NUMBER,
    "string": ValueType.TEXT,
    "date": ValueType.DATE,
    "timestamp": ValueType.TIMESTAMP,
}


def names_of(columns: Columns) -> dict[str, str]:
    """Every name that a filter may use, with its Ibis type."""
    return {**HEALTH, **columns.types}


@lru_cache(maxsize=512)
def accounts_where(text: str, columns: Columns) -> str:
    """SQL that gives the ids of the accounts. Raises ExpressionError, which says where, what and what is allowed."""
    expression = parse(text)
    problems = check_condition(expression, _scope(columns))
    if problems:
        raise ExpressionError("; ".join(map(str, problems)))
    relation = _relation(expression, columns)
    condition = compile_expression(expression, _columns(relation, columns)).value.cast("boolean")
    return str(ibis.to_sql(relation.filter(condition).select(KEY), dialect="postgres"))


def _scope(columns: Columns) -> NameScope:
    names = {name: _TYPES[kind] for name, kind in names_of(columns).items()}
    return NameScope(_PLACE, names, columns.segments)


def _columns(relation: ir.Table, columns: Columns) -> Scope:
    names = {name: column_name(name) for name in columns.types}
    names |= {name: _health(name) for name in HEALTH if name not in columns.types}
    return Scope(
        columns={name: relation[column] for name, column in names.items() if column in relation.columns},
        as_of=ibis.date(columns.as_of.year, columns.as_of.month, columns.as_of.day),
        segments={name: relation[column_name(SEGMENT + name)] for name in columns.segments},
        dialect="postgres",
        finite=frozenset(names),
    )


def _relation(expression: Expression, columns: Columns) -> ir.Table:
    """The table of values; beside health where the expression names it."""
    asked = {name.dotted for name in names_in(expression)}
    types = {KEY: "string", **{column_name(name): kind for name, kind in columns.types.items() if name in asked}}
    types |= {column_name(SEGMENT + name): "boolean" for name in columns.segments}
    values = ibis.table(types, name=TABLE)
    if not any(name in HEALTH and name not in columns.types for name in asked):
        return values
    health = ibis.table({"account_id": "string", **HEALTH}, name="health_currenthealth")
    named = health.select(**{_health("account"): health.account_id, **{_health(one): health[one] for one in HEALTH}})
    return values.left_join(named, values[KEY] == named[_health("account")])


def _health(name: str) -> str:
    return f"health:{name}"
