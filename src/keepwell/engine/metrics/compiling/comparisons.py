"""Comparisons and choices between values of one type."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions.types import ValueType
from keepwell.engine.metrics.compiling import dialects
from keepwell.engine.metrics.compiling.bounds import Bounds, of_either
from keepwell.engine.metrics.compiling.dialects import Dialect
from keepwell.engine.metrics.compiling.operands import Operand, any_of, faults_of, null_of, unified, values_of

_COMPARISONS: dict[str, Callable[[ir.Value, ir.Value], ir.BooleanValue]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compared(sign: str, left: Operand, right: Operand, dialect: Dialect) -> Operand:
    """A comparison with the literal null is null; Ibis would ask for `is null` instead."""
    found, operands = unified([left, right])
    if ValueType.NULL in (left.type, right.type):
        return Operand(null_of(ValueType.BOOLEAN), ValueType.BOOLEAN, faults_of(operands))
    value = _compare(sign, found, values_of(operands), dialect)
    return Operand(value, ValueType.BOOLEAN, faults_of(operands))


def between(operand: Operand, low: Operand, high: Operand, dialect: Dialect) -> Operand:
    found, operands = unified([operand, low, high])
    value, least, most = values_of(operands)
    if found is ValueType.TEXT and dialect.name == "postgres":
        inside = _compare(">=", found, [value, least], dialect) & _compare("<=", found, [value, most], dialect)
    else:
        inside = value.between(least, most)
    return Operand(inside, ValueType.BOOLEAN, faults_of(operands))


def listed(operand: Operand, items: Sequence[Operand]) -> Operand:
    """Whether the value is one of the items; null where none is and some item is null, as in SQL."""
    _, operands = unified([operand, *items])
    value, *others = values_of(operands)
    return Operand(value.isin(others), ValueType.BOOLEAN, faults_of(operands))


def first_not_null(operands: Sequence[Operand], _: Dialect) -> Operand:
    """A fault of an argument counts only where no other argument stood in for it."""
    found, same = unified(operands)
    value = ibis.coalesce(*_chosen(found, same))
    fault = faults_of(same)
    return Operand(value, found, fault if fault is None else fault & value.isnull(), _bounds(found, same))


def null_if_equal(operands: Sequence[Operand], _: Dialect) -> Operand:
    found, same = unified(operands)
    left, right = _chosen(found, same)
    return Operand(left.nullif(right), found, faults_of(same), _bounds(found, same[:1]))


def largest(operands: Sequence[Operand], dialect: Dialect) -> Operand:
    return _extreme(operands, dialect, ibis.greatest)


def smallest(operands: Sequence[Operand], dialect: Dialect) -> Operand:
    return _extreme(operands, dialect, ibis.least)


def _extreme(operands: Sequence[Operand], dialect: Dialect, choose: Callable[..., ir.Value]) -> Operand:
    found, same = unified(operands)
    values = _chosen(found, same)
    if found is ValueType.TEXT:
        best = choose(*(dialects.to_code_points(value, dialect.name) for value in values))
        value = dialects.from_code_points(best, dialect.name)
    else:
        value = choose(*values)
    return Operand(value, found, faults_of(same), _bounds(found, same))


def chosen(conditions: Sequence[Operand], results: Sequence[Operand], otherwise: Operand) -> Operand:
    """`case`: the result of the first condition that holds. Only faults that were come upon count."""
    found, same = unified([*results, otherwise])
    *values, last = _chosen(found, same)
    branches = [(condition.value, value) for condition, value in zip(conditions, values, strict=True)]
    return Operand(ibis.cases(*branches, else_=last), found, _fault_of_case(conditions, same), _bounds(found, same))


def _fault_of_case(conditions: Sequence[Operand], results: Sequence[Operand]) -> ir.BooleanValue | None:
    *branches, last = results
    fault = last.fault
    for condition, branch in reversed(list(zip(conditions, branches, strict=True))):
        if branch.fault is not None or fault is not None:
            met, not_met = (ibis.literal(False) if one is None else one for one in (branch.fault, fault))
            fault = ibis.ifelse(condition.value, met, not_met)
        fault = any_of(condition.fault, fault)
    return fault


def _chosen(found: ValueType, operands: Sequence[Operand]) -> list[ir.Value]:
    return [operand.number if found is ValueType.NUMBER else operand.value for operand in operands]


def _bounds(found: ValueType, operands: Sequence[Operand]) -> Bounds:
    known = [operand.bounds for operand in operands if not (operand.is_literal and operand.literal is None)]
    return of_either(*known) if found is ValueType.NUMBER and known else Bounds()


def _compare(sign: str, found: ValueType, values: Sequence[ir.Value], dialect: Dialect) -> ir.BooleanValue:
    left, right = values
    if found is ValueType.TEXT and dialect.name == "postgres" and sign in dialects.text_orders:
        ordered: ir.BooleanValue = dialects.text_orders[sign](left, right)
        return ordered
    return _COMPARISONS[sign](left, right)


def joined(sign: str, left: Operand, right: Operand) -> Operand:
    """`and` and `or`. A fault of one side counts only where the other does not decide."""
    both = operator.and_ if sign == "and" else operator.or_
    value = functools.reduce(both, (left.value, right.value))
    fault = faults_of((left, right))
    return Operand(value, ValueType.BOOLEAN, fault if fault is None else fault & value.isnull())
