"""The functions of texts, and their patterns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ibis.expr.types as ir

from keepwell.definitions.expressions.types import ValueType
from keepwell.engine.metrics.compiling.bounds import of_whole_numbers
from keepwell.engine.metrics.compiling.dialects import Dialect
from keepwell.engine.metrics.compiling.operands import Operand, faults_of, null_of

_Text = Callable[[Sequence[Operand], Dialect], Operand]


def text_of(operand: Operand) -> ir.StringValue:
    """The text, a typed null for the literal null."""
    return null_of(ValueType.TEXT) if operand.type is ValueType.NULL else operand.value


def matched(operand: Operand, pattern: Operand, ignore_case: bool, dialect: Dialect) -> ir.BooleanValue:
    """`like`, in which a backslash stands for itself; without regard to case both sides are compared in lower case."""
    text, against = text_of(operand), _pattern(pattern, dialect)
    return text.lower().like(_lower(against)) if ignore_case else text.like(against)


def _pattern(pattern: Operand, dialect: Dialect) -> str | ir.StringValue:
    if isinstance(pattern.literal, str):
        return pattern.literal.replace("\\", "\\\\") if dialect.like_escapes else pattern.literal
    value = text_of(pattern)
    return value.replace("\\", "\\\\") if dialect.like_escapes else value


def _lower(pattern: str | ir.StringValue) -> str | ir.StringValue:
    return pattern.lower()


def _length(operands: Sequence[Operand], _: Dialect) -> Operand:
    return operands[0].becoming(text_of(operands[0]).length(), ValueType.NUMBER, of_whole_numbers(31))


def _starts_with(operands: Sequence[Operand], _: Dialect) -> Operand:
    value = text_of(operands[0]).startswith(text_of(operands[1]))
    return Operand(value, ValueType.BOOLEAN, faults_of(operands))


def _contains(operands: Sequence[Operand], _: Dialect) -> Operand:
    value = text_of(operands[0]).contains(text_of(operands[1]))
    return Operand(value, ValueType.BOOLEAN, faults_of(operands))


def _changed(change: Callable[[ir.StringValue, Dialect], ir.StringValue]) -> _Text:
    return lambda operands, dialect: operands[0].becoming(change(text_of(operands[0]), dialect), ValueType.TEXT)


TEXT_FUNCTIONS: dict[str, _Text] = {
    "lower": _changed(lambda text, _: text.lower()),
    "upper": _changed(lambda text, _: text.upper()),
    "trim": _changed(lambda text, dialect: dialect.trim(text)),
    "length": _length,
    "starts_with": _starts_with,
    "contains": _contains,
}
