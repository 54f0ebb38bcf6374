"""`+ - * / %` in float64. Division by zero and overflow are null, and faults."""

from __future__ import annotations

import math

import ibis.expr.types as ir

from keepwell.definitions.expressions.types import ValueType
from keepwell.engine.metrics.compiling import bounds as known
from keepwell.engine.metrics.compiling import guarded
from keepwell.engine.metrics.compiling.bounds import Bounds
from keepwell.engine.metrics.compiling.dialects import Dialect
from keepwell.engine.metrics.compiling.operands import Operand, any_of, closed, faults_of, of_constant


def negated(operand: Operand) -> Operand:
    if isinstance(operand.literal, float):
        return of_constant(-operand.literal)
    return operand.becoming(-operand.number, ValueType.NUMBER, operand.bounds)


def computed(operator: str, left: Operand, right: Operand, dialect: Dialect) -> Operand:
    """One operation. On IEEE backends an overflow stays infinite or NaN until the value is closed."""
    return _OPERATIONS[operator](left, right, dialect)


def _sum(left: Operand, right: Operand, dialect: Dialect) -> Operand:
    bounds = known.of_sum(left.bounds, right.bounds)
    if bounds.is_finite or dialect.is_ieee:
        return _plain(left, right, left.number + right.number, bounds)
    return _guarded(left, right, guarded.total(left.number, right.number), bounds)


def _difference(left: Operand, right: Operand, dialect: Dialect) -> Operand:
    bounds = known.of_sum(left.bounds, right.bounds)
    if bounds.is_finite or dialect.is_ieee:
        return _plain(left, right, left.number - right.number, bounds)
    return _guarded(left, right, guarded.total(left.number, -right.number), bounds)


def _product(left: Operand, right: Operand, dialect: Dialect) -> Operand:
    bounds = known.of_product(left.bounds, right.bounds)
    if dialect.is_ieee or (bounds.is_finite and bounds.smallest > 0):
        return _plain(left, right, left.number * right.number, bounds)
    return _guarded(left, right, guarded.product(left.number, right.number), bounds)


def _quotient(left: Operand, right: Operand, dialect: Dialect) -> Operand:
    right = closed(right)
    bounds = known.of_quotient(left.bounds, right.bounds)
    divisor, fault = _divisor(left, right)
    left = Operand(left.number, ValueType.NUMBER, any_of(left.fault, fault), left.bounds)
    if dialect.is_ieee or (bounds.is_finite and bounds.smallest > 0):
        return _plain(left, right, left.number / divisor, bounds)
    return _guarded(left, right, guarded.quotient(left.number, divisor), bounds)


def _remainder(left: Operand, right: Operand, dialect: Dialect) -> Operand:
    right = closed(right)
    bounds = known.of_remainder(left.bounds, right.bounds)
    divisor, fault = _divisor(left, right)
    left = Operand(left.number, ValueType.NUMBER, any_of(left.fault, fault), left.bounds)
    if dialect.is_ieee:
        open_bounds = bounds if left.bounds.is_finite else Bounds(math.inf, bounds.smallest)
        return _plain(left, right, left.number % divisor, open_bounds)
    is_whole = left.bounds.is_whole and right.bounds.is_whole
    rest = guarded.whole_remainder if is_whole else guarded.remainder
    return _guarded(left, right, rest(left.number, divisor), bounds)


def _divisor(left: Operand, right: Operand) -> tuple[ir.FloatingValue, ir.BooleanValue | None]:
    """The divisor, null where it is zero, and the fault of that."""
    if isinstance(right.literal, float) and right.literal:
        return right.number, None
    return right.number.nullif(0), (right.value == 0) & left.value.notnull()


def _plain(left: Operand, right: Operand, value: ir.Value, bounds: Bounds) -> Operand:
    return Operand(value, ValueType.NUMBER, faults_of((left, right)), bounds)


def _guarded(left: Operand, right: Operand, result: guarded.Guarded, bounds: Bounds) -> Operand:
    safe = Bounds(min(bounds.largest, known.LARGEST), max(bounds.smallest, known.SMALLEST), bounds.is_whole)
    return Operand(result.value, ValueType.NUMBER, any_of(left.fault, right.fault, result.fault), safe)


_OPERATIONS = {"+": _sum, "-": _difference, "*": _product, "/": _quotient, "%": _remainder}
