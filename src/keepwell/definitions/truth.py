"""Whether a condition can be true when some of its names have a given value, whatever the others are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from keepwell.definitions.expressions import Binary, Expression, InList, InSegment, IsNull, Literal, Name, Unary

Given = Mapping[str, object]


class _Open(Enum):
    OPEN = auto()


_OPEN = _Open.OPEN
"""What depends on values that are not given. None stands for null."""


def may_be_true(condition: Expression, given: Given, segments: Mapping[str, Expression]) -> bool:
    """False only where the condition is certainly false or null with these values."""
    return _value(condition, given, segments) in (True, _OPEN)


def _value(node: Expression, given: Given, segments: Mapping[str, Expression]) -> Any:
    """The value of an expression, or _OPEN."""

    def inner(one: Expression) -> Any:
        return _value(one, given, segments)

    match node:
        case Literal():
            return node.value
        case Name():
            return _plain(given[node.dotted]) if node.dotted in given else _OPEN
        case InSegment():
            return may if (may := inner(segments[node.segment])) is _OPEN else may is True
        case IsNull():
            found = inner(node.operand)
            return _OPEN if found is _OPEN else (found is None) != node.negated
        case Unary(operator="not"):
            return _not(inner(node.operand))
        case Binary(operator="and" | "or"):
            return _joined(node.operator, inner(node.left), inner(node.right))
        case Binary(operator="=" | "<>"):
            same = _same(inner(node.left), inner(node.right))
            return same if node.operator == "=" else _not(same)
        case InList():
            value = inner(node.operand)
            return _in(value, [inner(item) for item in node.items], negated=node.negated)
    return _OPEN


def _plain(value: object) -> object:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _not(value: Any) -> Any:
    return value if value in (None, _OPEN) else not value


def _same(left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    return _OPEN if _OPEN in (left, right) else left == right


def _in(value: Any, items: list[Any], *, negated: bool) -> Any:
    found: Any = False
    for item in items:
        found = _joined("or", found, _same(value, item))
    return _not(found) if negated else found


def _joined(operator: str, left: Any, right: Any) -> Any:
    """By the logic of three values, with a fourth for what is open."""
    decisive = operator == "or"
    if left is decisive or right is decisive:
        return decisive
    if _OPEN in (left, right):
        return _OPEN
    return None if None in (left, right) else not decisive
