"""Arithmetic for a backend on which overflow and underflow are errors (PostgreSQL), to the bit of IEEE 754.

Each operation asks first whether its result is representable. The questions are put with operands scaled by powers of
two, which is exact, so that no question can overflow or underflow itself. See Knuth, The Art of Computer Programming,
volume 2, 4.2; the exact product is Dekker's (1971), with Veltkamp's splitting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import ibis
import ibis.expr.types as ir

from keepwell.engine.metrics.compiling import dialects
from keepwell.engine.metrics.compiling.binding import bound
from keepwell.engine.metrics.compiling.bounds import LARGEST
from keepwell.engine.metrics.compiling.operands import FLOAT, float_literal

_Float: TypeAlias = ir.FloatingValue


@dataclass(frozen=True)
class Guarded:
    """A value that is null where its operation has no result, and where that is so. Null operands are no fault."""

    value: _Float
    fault: ir.BooleanValue


def two(exponent: int) -> _Float:
    """A power of two."""
    return float_literal(2.0**exponent)


def number(value: float) -> _Float:
    return float_literal(float(value))


def null() -> _Float:
    return ibis.null(FLOAT)


def total(left: _Float, right: _Float) -> Guarded:
    """left + right. It overflows where both have one sign and together reach the largest number and half a step."""

    def overflows(x: _Float, y: _Float) -> ir.BooleanValue:
        smaller, larger = ibis.least(x.abs(), y.abs()), ibis.greatest(x.abs(), y.abs())
        return ((x > 0) == (y > 0)) & (smaller - two(970) >= number(LARGEST) - larger)

    return _unless(overflows, lambda x, y: x + y, (left, right))


def product(left: _Float, right: _Float) -> Guarded:
    """left * right."""

    def smaller(x: _Float, y: _Float) -> _Float:
        return ibis.least(x.abs(), y.abs())

    def larger(x: _Float, y: _Float) -> _Float:
        return ibis.greatest(x.abs(), y.abs())

    def overflows(x: _Float, y: _Float) -> ir.BooleanValue:
        scaled = ((x * two(-512)) * (y * two(-512))).abs()
        return ibis.ifelse(smaller(x, y) > 1, scaled >= 1, False)

    def vanishes(x: _Float, y: _Float) -> ir.BooleanValue:
        scaled = (smaller(x, y) * two(1000)) * (larger(x, y) * two(200))
        return ibis.ifelse((smaller(x, y) < two(-500)) & (larger(x, y) < 1), scaled <= two(125), False)

    return _unless(overflows, lambda x, y: ibis.ifelse(vanishes(x, y), number(0), x * y), (left, right))


def quotient(left: _Float, right: _Float) -> Guarded:
    """left / right, of which `right` is not zero (null where it was)."""

    def overflows(x: _Float, y: _Float) -> ir.BooleanValue:
        of_large = ((x * two(-512)) / (y * two(562))).abs() >= two(-50)
        of_small = (x / (y * two(1000))).abs() >= two(24)
        by_small = ibis.ifelse(y.abs() < two(-1000), of_small, False)
        return ibis.ifelse((x.abs() > 1) & (y.abs() < 1), of_large, by_small)

    def vanishes(x: _Float, y: _Float) -> ir.BooleanValue:
        scaled = ((x * two(512)) / (y * two(-512))).abs()
        return ibis.ifelse((x.abs() < 1) & (y.abs() > 1), scaled <= two(-51), False)

    return _unless(overflows, lambda x, y: ibis.ifelse(vanishes(x, y), number(0), x / y), (left, right))


def exponential(power: _Float) -> Guarded:
    """e to the power."""

    def overflows(x: _Float) -> ir.BooleanValue:
        return x > number(709.782712893384)

    def value(x: _Float) -> _Float:
        return ibis.ifelse(x < number(-745.1332191019411), number(0), dialects.exp(x))

    return _unless(overflows, value, (power,))


def raised(base: _Float, exponent: _Float) -> Guarded:
    """base to the power of exponent, inside the domain of `power`.

    Whether it is representable is asked of its logarithm; a billionth below the largest number counts as overflow.
    """

    def logarithm(x: _Float, y: _Float) -> _Float:
        slope = ibis.least(ibis.greatest(y, number(-1e19)), number(1e19))
        inner = ibis.ifelse(y.abs() < number(1e-200), number(0), slope * dialects.ln(x.abs()))
        return ibis.ifelse(x == 0, number(0), inner)

    def overflows(x: _Float, y: _Float) -> ir.BooleanValue:
        return logarithm(x, y) > number(709.782712893)

    def value(x: _Float, y: _Float) -> _Float:
        return ibis.ifelse(logarithm(x, y) < number(-745.13), number(0), dialects.power(x, y))

    return _unless(overflows, value, (base, exponent))


def remainder(left: _Float, right: _Float) -> Guarded:
    """left - right * trunc(left / right) without rounding, as C's fmod; `right` is null where it was zero.

    Multiples are taken off in two exact steps, which is enough up to a ratio of 1e30. Beyond it, and for numbers above
    1e270 or divisors below 1e-250, the result is null and a fault.
    """

    def magnitude(x: _Float, y: _Float) -> _Float:
        reduced = bound((_without_multiples(x, y),), lambda rest: _without_multiples(rest, y), short=0)
        inside = bound((reduced,), lambda rest: _into_range(rest, y), short=0)
        return ibis.ifelse(x < y, x, inside)

    def is_out_of_reach(x: _Float, y: _Float) -> ir.BooleanValue:
        is_near = ibis.ifelse(y < number(1e230), x < y * number(1e30), True)
        return (x >= y) & ~((x < number(1e270)) & (y > number(1e-250)) & is_near)

    def signed(x: _Float, y: _Float) -> _Float:
        return ibis.ifelse(x < 0, -magnitude(-x, y.abs()), magnitude(x, y.abs()))

    return _unless(lambda x, y: is_out_of_reach(x.abs(), y.abs()), signed, (left, right))


def whole_remainder(left: _Float, right: _Float) -> Guarded:
    """The same of whole numbers: as integers, as far as every whole number is a float64."""

    def is_exact(x: _Float, y: _Float) -> ir.BooleanValue:
        return ibis.greatest(x.abs(), y.abs()) <= number(2.0**53)

    general = remainder(left, right)
    plain = (left.cast("int64") % right.cast("int64")).cast(FLOAT)
    return Guarded(ibis.ifelse(is_exact(left, right), plain, general.value), ~is_exact(left, right) & general.fault)


def _without_multiples(value: _Float, divisor: _Float) -> _Float:
    """value - floor(value / divisor) * divisor, exact where the quotient is below 2**53 or exactly rounded above."""

    def exact(count: _Float) -> _Float:
        count_high, count_low = _halves(count)
        high, low = _halves(divisor)
        main = count * divisor
        rest = ((count_high * high - main) + count_high * low + count_low * high) + count_low * low
        return (value - main) - rest

    return bound((dialects.floor(value / divisor),), exact, short=0)


def _halves(value: _Float) -> tuple[_Float, _Float]:
    scaled = value * number(134217729.0)
    high = scaled - (scaled - value)
    return high, value - high


def _into_range(value: _Float, divisor: _Float) -> _Float:
    return ibis.cases((value < 0, value + divisor), (value >= divisor, value - divisor), else_=value)


def _unless(
    fault: Callable[..., ir.BooleanValue], value: Callable[..., _Float], operands: tuple[_Float, ...]
) -> Guarded:
    """`value` of the operands, null where `fault` of them holds; long operands are written once for each of the two."""
    guarded_value = bound(operands, lambda *xs: ibis.ifelse(fault(*xs), null(), value(*xs)))
    flag = bound(operands, lambda *xs: ibis.ifelse(fault(*xs), number(1), number(0)))
    return Guarded(guarded_value, flag == 1)
