"""The functions of dates. A time counts as its day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions.types import ValueType
from keepwell.engine.metrics.compiling import dialects
from keepwell.engine.metrics.compiling.bounds import of_whole_numbers
from keepwell.engine.metrics.compiling.dialects import Dialect
from keepwell.engine.metrics.compiling.numbers import truncated
from keepwell.engine.metrics.compiling.operands import FLOAT, Operand, any_of, closed, day_of, faults_of, null_of

_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
_DAYS_IN_ALL = (_LAST - _FIRST).days
_MONTHS_IN_ALL = 9999 * 12 - 1


def _difference(operands: Sequence[Operand], dialect: Dialect) -> Operand:
    start, end = day_of(operands[1]), day_of(operands[2])
    count = _days(end, start, dialect) if operands[0].literal == "day" else _month_number(end) - _month_number(start)
    return Operand(count.cast(FLOAT), ValueType.NUMBER, faults_of(operands), of_whole_numbers(31))


def _days(end: ir.DateValue, start: ir.DateValue, dialect: Dialect) -> ir.IntegerValue:
    builtin = dialects.days_between.get(dialect.name)
    days: ir.IntegerValue = builtin(end, start) if builtin else end.delta(start, unit="day")
    return days


def _month_number(day: ir.DateValue) -> ir.IntegerValue:
    return day.year().cast("int32") * 12 + day.month().cast("int32")


def _sum(operands: Sequence[Operand], dialect: Dialect) -> Operand:
    unit, count, day = operands[0].literal, closed(operands[1]), day_of(operands[2])
    whole = count.number if count.bounds.is_whole else truncated(count.number, dialect)
    if unit == "day":
        position, last = _days(day, ibis.date(_FIRST), dialect).cast(FLOAT) + whole, _DAYS_IN_ALL
    else:
        position, last = _month_number(day).cast(FLOAT) - 13 + whole, _MONTHS_IN_ALL
    is_inside = position.between(0, last)
    add = _add_days if unit == "day" else _add_months
    value = ibis.ifelse(is_inside, add(day, whole.cast("int32"), dialect), null_of(ValueType.DATE))
    return Operand(value, ValueType.DATE, any_of(faults_of((count, operands[2])), ~is_inside))


def _add_days(day: ir.DateValue, count: ir.IntegerValue, dialect: Dialect) -> ir.DateValue:
    builtin = dialects.add_days.get(dialect.name)
    later: ir.DateValue = builtin(day, count) if builtin else (day.cast("timestamp") + dialects.to_days(count)).date()
    return later


def _add_months(day: ir.DateValue, count: ir.IntegerValue, dialect: Dialect) -> ir.DateValue:
    """All backends take the last day of the month where the day does not exist in it."""
    builtin = dialects.add_months.get(dialect.name)
    if builtin:
        later: ir.DateValue = builtin(day, count)
        return later
    months = dialects.to_months(count) if dialect.name == "duckdb" else count.as_interval("M")
    return (day.cast("timestamp") + months).date()


DATE_FUNCTIONS: dict[str, Callable[[Sequence[Operand], Dialect], Operand]] = {
    "date_diff": _difference,
    "date_add": _sum,
}
