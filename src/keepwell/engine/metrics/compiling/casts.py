"""`cast`, with one grammar for all backends. What cannot be read is null, and a fault.

- text to number: digits with an optional sign, fraction and exponent, such as -12.5 or 1e6, at most 400 characters;
- text to date: an ISO day such as 2024-01-31 that exists, in the years 1 to 9999;
- text to boolean: true or false, in any case.

Spaces around are allowed. A number is true where it is not 0; true and false are 1 and 0. A number as text is written
with as few digits as tell it apart: whole numbers below 1e16 without a point, others plainly from 0.0001 to 1e16, and
with an exponent beyond, such as 1.5e+20.
"""

from __future__ import annotations

import math
import re
from datetime import date

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from keepwell.definitions.expressions.moments import date_of
from keepwell.definitions.expressions.types import ValueType
from keepwell.engine.metrics.compiling.bounds import Bounds, of_either, of_literal
from keepwell.engine.metrics.compiling.dialects import Dialect
from keepwell.engine.metrics.compiling.numbers import truncated
from keepwell.engine.metrics.compiling.operands import (
    FLOAT,
    Operand,
    any_of,
    closed,
    finite_or_null,
    float_literal,
    null_of,
    of_constant,
)

_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_YEAR = r"([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_DAY_OF_YEAR = (
    r"((01|03|05|07|08|10|12)-(0[1-9]|[12][0-9]|3[01])|(04|06|09|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP_YEAR = r"([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_DATE = rf"({_YEAR}-{_DAY_OF_YEAR}|{_LEAP_YEAR}-02-29)"
_MOST_CHARACTERS = 400
_PLAIN_FROM, _EXPONENT_FROM = 1e-4, 1e16
_BEYOND = "1.797693134862315807937e308"
_VANISHING = "2.4703282292062327208e-324"


def cast(operand: Operand, to: ValueType, dialect: Dialect) -> Operand:
    """The operand in another type."""
    operand = closed(operand)
    if operand.type is ValueType.NULL:
        return Operand(null_of(to), to, operand.fault)
    if operand.type is to:
        return operand
    if operand.type is ValueType.TEXT:
        return _of_text(operand, to, dialect)
    if to is ValueType.TEXT:
        return operand.becoming(_text(operand, dialect), to)
    if to is ValueType.BOOLEAN:
        return operand.becoming(operand.value != 0, to)
    if to is ValueType.NUMBER:
        value = ibis.cases((operand.value, 1), (~operand.value, 0)).cast(FLOAT)
        return operand.becoming(value, to, of_either(of_literal(1.0), of_literal(0.0)))
    return operand.becoming(operand.value.date(), to)


def _of_text(operand: Operand, to: ValueType, dialect: Dialect) -> Operand:
    if isinstance(operand.literal, str):
        return _of_literal(operand.literal, to)
    value = {ValueType.NUMBER: _number, ValueType.DATE: _date, ValueType.BOOLEAN: _boolean}[to](operand.value, dialect)
    return Operand(value, to, any_of(operand.fault, operand.value.notnull() & value.isnull()), Bounds())


def _of_literal(text: str, to: ValueType) -> Operand:
    """A literal is read here: PostgreSQL would refuse the whole query for one that cannot be read."""
    word, value = text.strip(" "), None
    constant: float | bool | date | None = value
    if to is ValueType.NUMBER and len(text) <= _MOST_CHARACTERS and re.fullmatch(_NUMBER, word):
        constant = float(word) if math.isfinite(float(word)) else None
    elif to is ValueType.DATE and re.fullmatch(_DATE, word):
        constant = date_of(word)
    elif to is ValueType.BOOLEAN and word.lower() in ("true", "false"):
        constant = word.lower() == "true"
    return Operand(null_of(to), to, ibis.literal(True)) if constant is None else of_constant(constant)


def _is(text: ir.StringValue, grammar: str, dialect: Dialect) -> ir.BooleanValue:
    return text.re_search(rf"^ *({grammar}) *{dialect.end_of_text}")


def _number(text: ir.StringValue, dialect: Dialect) -> ir.FloatingValue:
    is_number = (text.length() <= _MOST_CHARACTERS) & _is(text, _NUMBER, dialect)
    word = dialect.trim(text)
    number = finite_or_null(word.try_cast(FLOAT)) if dialect.is_ieee else _number_of_decimal(word)
    return ibis.ifelse(is_number, number, ibis.null(FLOAT))


def _number_of_decimal(word: ir.StringValue) -> ir.FloatingValue:
    """PostgreSQL: a decimal of any size first, because reading a float64 that is too large is an error."""
    decimal = word.cast("decimal")
    size = decimal.abs()
    return ibis.cases(
        (size >= ibis.literal(_BEYOND).cast("decimal"), ibis.null(FLOAT)),
        (size <= ibis.literal(_VANISHING).cast("decimal"), float_literal(0.0)),
        else_=decimal.cast(FLOAT),
    )


def _date(text: ir.StringValue, dialect: Dialect) -> ir.DateValue:
    return ibis.ifelse(_is(text, _DATE, dialect), dialect.trim(text).cast("date"), null_of(ValueType.DATE))


def _boolean(text: ir.StringValue, dialect: Dialect) -> ir.BooleanValue:
    word = dialect.trim(text).lower()
    return ibis.cases((word == "true", True), (word == "false", False), else_=null_of(ValueType.BOOLEAN))


def _text(operand: Operand, dialect: Dialect) -> ir.StringValue:
    if operand.type is not ValueType.NUMBER or isinstance(operand.value.type(), dt.Integer):
        return operand.value.cast("string")
    number = operand.number
    size = number.abs()
    return ibis.cases(
        ((size < float_literal(_EXPONENT_FROM)) & (number == truncated(number, dialect)), _whole_text(number)),
        ((size >= float_literal(_PLAIN_FROM)) & (size < float_literal(_EXPONENT_FROM)), _plain_text(number, dialect)),
        else_=_exponent_text(number, dialect),
    )


def _whole_text(number: ir.FloatingValue) -> ir.StringValue:
    return number.cast("int64").cast("string")


def _plain_text(number: ir.FloatingValue, dialect: Dialect) -> ir.StringValue:
    written = number.cast("string")
    if dialect.name == "postgres":
        return written.cast("decimal").cast("string")
    if dialect.name == "pyspark":
        return written.cast("decimal(38, 21)").cast("string").re_replace("0+$", "")
    return written


def _exponent_text(number: ir.FloatingValue, dialect: Dialect) -> ir.StringValue:
    written = number.cast("string")
    if dialect.name != "pyspark":
        return written
    signed = written.replace(".0E", "E").replace("E-", "e-").replace("E", "e+")
    return signed.re_replace("e([+-])([0-9])$", "e$10$2")
