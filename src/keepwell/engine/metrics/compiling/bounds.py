"""What is known of a number before any row is read: its largest and smallest magnitude, and whether it is whole.

Bounds decide which guards an operation needs. Numbers of whole columns and literals rarely overflow, so that a ratio of
two counts compiles to one plain division.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

LARGEST = sys.float_info.max
SMALLEST = 5e-324


@dataclass(frozen=True)
class Bounds:
    """Magnitudes: of all values (`largest`; infinity where NaN or infinity may occur), of all but zero (`smallest`)."""

    largest: float = LARGEST
    smallest: float = SMALLEST
    is_whole: bool = False

    @property
    def is_finite(self) -> bool:
        """Whether no value is NaN or infinite."""
        return self.largest <= LARGEST


ANY_NUMBER = Bounds()
"""Of all float64 numbers but NaN and infinity."""


def of_whole_numbers(bits: int) -> Bounds:
    """Of integers of so many bits."""
    return Bounds(2.0**bits, 1.0, is_whole=True)


def of_literal(value: float) -> Bounds:
    """Of one number."""
    return Bounds(abs(value), abs(value) or LARGEST, is_whole=value.is_integer())


def of_sum(left: Bounds, right: Bounds) -> Bounds:
    is_whole = left.is_whole and right.is_whole
    return Bounds(left.largest + right.largest, 1.0 if is_whole else SMALLEST, is_whole)


def of_product(left: Bounds, right: Bounds) -> Bounds:
    """`smallest` is 0 where a product may underflow."""
    largest = left.largest * right.largest
    return Bounds(
        math.inf if math.isnan(largest) else largest, left.smallest * right.smallest, left.is_whole and right.is_whole
    )


def of_quotient(left: Bounds, right: Bounds) -> Bounds:
    """Of a division by anything but zero; `smallest` is 0 where it may underflow."""
    return Bounds(_divide(left.largest, right.smallest), _divide(left.smallest, right.largest))


def of_remainder(left: Bounds, right: Bounds) -> Bounds:
    is_whole = left.is_whole and right.is_whole
    return Bounds(min(left.largest, right.largest), 1.0 if is_whole else SMALLEST, is_whole)


def of_either(*bounds: Bounds) -> Bounds:
    """Of a value that is one of several."""
    return Bounds(
        max(one.largest for one in bounds), min(one.smallest for one in bounds), all(one.is_whole for one in bounds)
    )


def _divide(left: float, right: float) -> float:
    return left / right if right else math.inf
