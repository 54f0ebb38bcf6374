"""A compiled part of an expression, and how parts are brought to a common type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from keepwell.definitions.expressions.moments import moment_of
from keepwell.definitions.expressions.types import ValueType, common_type
from keepwell.engine.metrics.compiling.bounds import ANY_NUMBER, LARGEST, SMALLEST, Bounds, of_literal, of_whole_numbers
from keepwell.errors import EngineFault

FLOAT = "float64"
_EXACT = 2.0**53
_DTYPES = {
    ValueType.NUMBER: "float64",
    ValueType.TEXT: "string",
    ValueType.BOOLEAN: "boolean",
    ValueType.DATE: "date",
    ValueType.TIMESTAMP: "timestamp",
}


@dataclass(frozen=True)
class Operand:
    """A value with its type, the condition under which it is null for a domain reason (None: never), and its bounds.

    `literal` is the constant behind it, if it is one. Numbers of whole columns keep their type until they are computed
    with, so that comparisons stay bare.
    """

    value: ir.Value
    type: ValueType
    fault: ir.BooleanValue | None = None
    bounds: Bounds = ANY_NUMBER
    literal: float | str | bool | date | None = None
    is_literal: bool = False

    @property
    def number(self) -> ir.FloatingValue:
        """The number as float64."""
        if self.is_literal and isinstance(self.literal, float) and not isinstance(self.literal, bool):
            return float_literal(self.literal)
        return self.value if self.value.type() == dt.float64 else self.value.cast(FLOAT)

    def becoming(self, value: ir.Value, found: ValueType, bounds: Bounds = ANY_NUMBER) -> Operand:
        """Another value that is null for a domain reason where this one is."""
        return Operand(value, found, self.fault, bounds)


def type_of(dtype: dt.DataType) -> ValueType:
    """The type of a column; UNKNOWN for what expressions have no operations for."""
    kinds: tuple[tuple[type[dt.DataType], ValueType], ...] = (
        (dt.Boolean, ValueType.BOOLEAN),
        (dt.Numeric, ValueType.NUMBER),
        (dt.String, ValueType.TEXT),
        (dt.UUID, ValueType.TEXT),
        (dt.Date, ValueType.DATE),
        (dt.Timestamp, ValueType.TIMESTAMP),
        (dt.Null, ValueType.NULL),
    )
    return next((found for kind, found in kinds if isinstance(dtype, kind)), ValueType.UNKNOWN)


def of_column(column: ir.Value, *, is_finite: bool = False) -> Operand:
    """A column as expressions read it: NaN and infinity as null, unless it is known to have none; else as it is."""
    dtype = column.type()
    if isinstance(dtype, dt.Integer):
        return Operand(column, ValueType.NUMBER, bounds=of_whole_numbers(dtype.nbytes * 8))
    if isinstance(dtype, dt.Floating):
        number = column.cast(FLOAT)
        return Operand(number if is_finite else finite_or_null(number), ValueType.NUMBER)
    if isinstance(dtype, dt.Decimal):
        return Operand(column.cast(FLOAT), ValueType.NUMBER)
    if isinstance(dtype, dt.UUID):
        return Operand(column.cast("string"), ValueType.TEXT)
    return Operand(column, type_of(dtype))


def of_constant(value: float | str | bool | date | None) -> Operand:
    """A literal. Whole numbers stay whole until they are computed with."""
    if value is None:
        return Operand(ibis.null(), ValueType.NULL, is_literal=True)
    if isinstance(value, bool):
        return Operand(ibis.literal(value), ValueType.BOOLEAN, literal=value, is_literal=True)
    if isinstance(value, float):
        number = ibis.literal(int(value)) if _is_short(value) else float_literal(value)
        return Operand(number, ValueType.NUMBER, bounds=of_literal(value), literal=value, is_literal=True)
    if isinstance(value, str):
        return Operand(ibis.literal(value), ValueType.TEXT, literal=value, is_literal=True)
    found = ValueType.TIMESTAMP if isinstance(value, datetime) else ValueType.DATE
    literal = ibis.timestamp(value) if isinstance(value, datetime) else ibis.date(value)
    return Operand(literal, found, literal=value, is_literal=True)


def float_literal(value: float) -> ir.FloatingValue:
    """A float64 constant to the bit. Backends read 0.1 as a decimal of their own, so that a text is cast instead."""
    return ibis.literal(int(value) if _is_short(value) else repr(value)).cast(FLOAT)


def finite_or_null(value: ir.FloatingValue) -> ir.FloatingValue:
    """NaN and infinity as null. All backends order NaN above infinity."""
    return ibis.ifelse(is_finite(value), value, ibis.null(FLOAT))


def is_finite(value: ir.FloatingValue) -> ir.BooleanValue:
    """Null where the value is."""
    return value.abs() < float_literal(float("inf"))


def closed(operand: Operand) -> Operand:
    """A number that is never NaN or infinite: where it was, it is null, and that is a fault."""
    if operand.type is not ValueType.NUMBER or operand.bounds.is_finite:
        return operand
    value = operand.number
    bounds = replace(operand.bounds, largest=LARGEST, smallest=max(operand.bounds.smallest, SMALLEST))
    return Operand(finite_or_null(value), ValueType.NUMBER, any_of(operand.fault, ~is_finite(value)), bounds)


def any_of(*faults: ir.BooleanValue | None) -> ir.BooleanValue | None:
    """Whether any holds; None where none can."""
    known = [fault for fault in faults if fault is not None]
    if not known:
        return None
    joined = known[0]
    for fault in known[1:]:
        joined = joined | fault
    return joined


def faults_of(operands: Iterable[Operand]) -> ir.BooleanValue | None:
    return any_of(*(operand.fault for operand in operands))


def unified(operands: Sequence[Operand]) -> tuple[ValueType, list[Operand]]:
    """The operands in one type: closed numbers, dates beside times as times, texts beside dates as dates."""
    if any(operand.type.is_temporal for operand in operands):
        operands = [_as_moment(operand) for operand in operands]
    found = common_type([operand.type for operand in operands])
    if found is None:
        raise EngineFault("an expression with values of different types passed its check")
    return found, [_converted(closed(operand), found) for operand in operands]


def values_of(operands: Sequence[Operand]) -> list[ir.Value]:
    """The values of unified operands for a bare comparison: numbers as float64, unless all are whole."""
    if operands[0].type is ValueType.NUMBER and not can_stay_bare(operands):
        return [operand.number for operand in operands]
    return [operand.value for operand in operands]


def can_stay_bare(operands: Sequence[Operand]) -> bool:
    """Whether numbers compare alike without casts: whole ones with whole ones, float64 ones with short literals."""
    columns = [operand for operand in operands if not operand.is_literal]
    literals = [operand.literal for operand in operands if operand.is_literal and operand.literal is not None]
    if not columns or not all(isinstance(value, float) and _is_short(value) for value in literals):
        return False
    kinds = {isinstance(operand.value.type(), dt.Integer) for operand in columns}
    return len(kinds) == 1


def null_of(found: ValueType) -> ir.Value:
    """Null as a value of a type."""
    dtype: Any = _DTYPES.get(found)
    return ibis.null(dtype) if dtype else ibis.null()


def day_of(operand: Operand) -> ir.DateValue:
    """The calendar day of a date, a time, or a text that writes one."""
    moment = _as_moment(operand)
    if moment.type is ValueType.NULL:
        return null_of(ValueType.DATE)
    if isinstance(moment.literal, datetime):
        return ibis.date(moment.literal.date())
    return moment.value.date() if moment.type is ValueType.TIMESTAMP else moment.value


def _as_moment(operand: Operand) -> Operand:
    if operand.is_literal and isinstance(operand.literal, str):
        moment = moment_of(operand.literal)
        if moment is not None:
            return of_constant(moment.value)
    return operand


def _converted(operand: Operand, found: ValueType) -> Operand:
    if operand.type is ValueType.NULL:
        return replace(operand, value=null_of(found), type=found)
    if found is ValueType.TIMESTAMP and operand.type is ValueType.DATE:
        if isinstance(operand.literal, date):
            return of_constant(datetime.combine(operand.literal, datetime.min.time()))
        return operand.becoming(operand.value.cast("timestamp"), found)
    return operand


def _is_short(value: float) -> bool:
    return value.is_integer() and abs(value) < _EXACT
