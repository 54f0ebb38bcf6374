"""The functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions.types import ValueType
from keepwell.engine.metrics.compiling import dialects, guarded
from keepwell.engine.metrics.compiling.bounds import LARGEST, Bounds
from keepwell.engine.metrics.compiling.dialects import Dialect
from keepwell.engine.metrics.compiling.operands import (
    FLOAT,
    Operand,
    any_of,
    closed,
    faults_of,
    float_literal,
)

_WHOLE_FROM = 2.0**52
"""From here on every float64 is a whole number."""

_Number = Callable[[Sequence[Operand], Dialect], Operand]
_EXP_OVERFLOWS_FROM = 709.0


def _absolute(operands: Sequence[Operand], _: Dialect) -> Operand:
    return operands[0].becoming(operands[0].number.abs(), ValueType.NUMBER, operands[0].bounds)


def _rounded(operands: Sequence[Operand], dialect: Dialect) -> Operand:
    operand, digits = operands[0], 0
    if len(operands) > 1 and isinstance(operands[1].literal, float):
        digits = int(operands[1].literal)
    value = _rounded_to(operand.number, digits, dialect) if digits else to_whole(operand.number, dialect)
    largest = operand.bounds.largest * 2 + 1
    return operand.becoming(
        value, ValueType.NUMBER, Bounds(min(largest, LARGEST) if operand.bounds.is_finite else math.inf)
    )


def _rounded_to(value: ir.FloatingValue, digits: int, dialect: Dialect) -> ir.FloatingValue:
    """To decimal digits, or for negative ones to tens, hundreds ...; where a float64 has no such digits, as it is."""
    scale = float(10 ** abs(digits))
    factor = float_literal(scale)
    if digits > 0:
        rounded = to_whole(value * factor, dialect) / factor
        return ibis.ifelse(value.abs() < float_literal(_WHOLE_FROM / scale), rounded, value)
    rounded = to_whole(value / factor, dialect) * factor
    return ibis.cases(
        (value.abs() < float_literal(scale / 4), float_literal(0.0)),
        (value.abs() < float_literal(_WHOLE_FROM * scale), rounded),
        else_=value,
    )


def to_whole(value: ir.FloatingValue, dialect: Dialect) -> ir.FloatingValue:
    """To the nearest whole number, halves away from zero. PostgreSQL's own takes halves to the even neighbour."""
    if dialect.name != "postgres":
        rounded: ir.FloatingValue = dialects.round_half_away(value)
        return rounded
    cut = truncated(value, dialect)
    return cut + dialects.truncate((value - cut) * 2)


def truncated(value: ir.FloatingValue, dialect: Dialect) -> ir.FloatingValue:
    """Without its fraction."""
    if dialect.name != "pyspark":
        cut: ir.FloatingValue = dialects.truncate(value)
        return cut
    below, above = dialects.floor_to_whole(value).cast(FLOAT), dialects.ceil_to_whole(value).cast(FLOAT)
    return _unless_whole(value, ibis.ifelse(value < 0, above, below))


def _floor(operands: Sequence[Operand], dialect: Dialect) -> Operand:
    return _stepped(operands[0], dialect, dialects.floor, dialects.floor_to_whole)


def _ceil(operands: Sequence[Operand], dialect: Dialect) -> Operand:
    return _stepped(operands[0], dialect, dialects.ceil, dialects.ceil_to_whole)


def _stepped(operand: Operand, dialect: Dialect, step: dialects.Builtin, to_integer: dialects.Builtin) -> Operand:
    """Spark's floor and ceil give 64-bit integers, into which not every float64 fits."""
    value = operand.number
    whole = _unless_whole(value, to_integer(value).cast(FLOAT)) if dialect.name == "pyspark" else step(value)
    largest = operand.bounds.largest if operand.bounds.largest >= LARGEST else operand.bounds.largest + 1
    return operand.becoming(whole, ValueType.NUMBER, Bounds(largest, 1.0, is_whole=True))


def _unless_whole(value: ir.FloatingValue, changed: ir.FloatingValue) -> ir.FloatingValue:
    return ibis.ifelse(value.abs() < float_literal(_WHOLE_FROM), changed, value)


def _logarithm(operands: Sequence[Operand], function: dialects.Builtin) -> Operand:
    operand = closed(operands[0])
    value = ibis.ifelse(operand.value > 0, function(operand.number), ibis.null(FLOAT))
    return Operand(value, ValueType.NUMBER, any_of(operand.fault, operand.value <= 0), Bounds(745.2, 1e-17))


def _square_root(operands: Sequence[Operand], _: Dialect) -> Operand:
    operand = closed(operands[0])
    value = ibis.ifelse(operand.value >= 0, dialects.sqrt(operand.number), ibis.null(FLOAT))
    bounds = Bounds(math.sqrt(operand.bounds.largest) + 1, math.sqrt(operand.bounds.smallest) / 2)
    return Operand(value, ValueType.NUMBER, any_of(operand.fault, operand.value < 0), bounds)


def _exponential(operands: Sequence[Operand], dialect: Dialect) -> Operand:
    operand = closed(operands[0])
    if dialect.is_ieee:
        largest = math.inf if operand.bounds.largest > _EXP_OVERFLOWS_FROM else LARGEST
        return operand.becoming(dialects.exp(operand.number), ValueType.NUMBER, Bounds(largest))
    result = guarded.exponential(operand.number)
    return Operand(result.value, ValueType.NUMBER, any_of(operand.fault, result.fault))


def _power(operands: Sequence[Operand], dialect: Dialect) -> Operand:
    base, exponent = closed(operands[0]), closed(operands[1])
    outside = _outside_of_power(base, exponent, dialect)
    faults = faults_of((base, exponent))
    if dialect.is_ieee:
        value = ibis.ifelse(outside, ibis.null(FLOAT), dialects.power(base.number, exponent.number))
        return Operand(value, ValueType.NUMBER, any_of(faults, outside), Bounds(math.inf))
    result = guarded.raised(base.number, exponent.number)
    value = ibis.ifelse(outside, ibis.null(FLOAT), result.value)
    fault = ibis.ifelse(outside, True, result.fault)
    return Operand(value, ValueType.NUMBER, any_of(faults, fault))


def _outside_of_power(base: Operand, exponent: Operand, dialect: Dialect) -> ir.BooleanValue:
    outside = (base.value == 0) & (exponent.value < 0)
    if exponent.bounds.is_whole:
        return outside
    return outside | ((base.value < 0) & (exponent.number != truncated(exponent.number, dialect)))


NUMBER_FUNCTIONS: dict[str, _Number] = {
    "abs": _absolute,
    "round": _rounded,
    "floor": _floor,
    "ceil": _ceil,
    "ln": lambda operands, _: _logarithm(operands, dialects.ln),
    "log10": lambda operands, dialect: _logarithm(operands, dialect.log10),
    "sqrt": _square_root,
    "exp": _exponential,
    "power": _power,
}
