"""Branching of surveys: what of the expression language it knows, and its value for given answers.

Pages of respondents ask this for each answer, so that it is plain Python over a handful of values and no query. It
means what the definition reference says of the same expression; a test compares it with the compiler.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from keepwell.definitions.expressions import (
    Between,
    Binary,
    Expression,
    Function,
    InList,
    IsNull,
    Literal,
    Name,
    Unary,
    walk,
)
from keepwell.definitions.names import listed

Value = float | str | bool | None
Values = Mapping[str, Value]

_KNOWN = (Literal, Name, Unary, Binary, Between, InList, IsNull)
_FUNCTIONS: Mapping[str, Callable[[list[Any]], Value]] = {
    "coalesce": lambda values: next((one for one in values if one is not None), None),
    "greatest": lambda values: max((one for one in values if one is not None), default=None),
    "least": lambda values: min((one for one in values if one is not None), default=None),
    "contains": lambda values: None if None in values else values[1] in values[0],
    "starts_with": lambda values: None if None in values else values[0].startswith(values[1]),
    "length": lambda values: None if None in values else float(len(values[0])),
}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def beyond_branching(expression: Expression) -> str | None:
    """What in the expression branching does not know, in words; None where it knows all of it."""
    for node in walk(expression):
        if isinstance(node, Function) and node.name in _FUNCTIONS:
            continue
        if not isinstance(node, _KNOWN):
            found = node.name if isinstance(node, Function) else str(node)
            return (
                f"branching does not know `{found}`; it has comparisons, and, or, not, in, between, is null, "
                f"arithmetic, and {listed(_FUNCTIONS)}"
            )
    return None


def is_true(expression: Expression, answers: Values) -> bool:
    """Whether it is true of these answers; null, and names without an answer are null, counts as false."""
    return value_of(expression, answers) is True


def value_of(node: Expression, answers: Values) -> Value:
    """The value of an expression of branching; numbers are floats."""
    match node:
        case Literal():
            return node.value  # type: ignore[return-value]  # dates are compared with nothing that surveys ask
        case Name():
            return _plain(answers.get(node.dotted))
        case Unary():
            value: Any = value_of(node.operand, answers)
            return None if value is None else (not value if node.operator == "not" else -value)
        case Binary(operator="and" | "or"):
            return _joined(node, answers)
        case Binary():
            return _of_two(node.operator, value_of(node.left, answers), value_of(node.right, answers))
        case Between():
            low = Binary(">=", node.operand, node.low)
            inside = value_of(Binary("and", low, Binary("<=", node.operand, node.high)), answers)
            return _turned(inside, node.negated)
        case InList():
            same = [value_of(Binary("=", node.operand, item), answers) for item in node.items]
            return _turned(True if True in same else None if None in same else False, node.negated)
        case IsNull():
            return (value_of(node.operand, answers) is None) != node.negated
        case Function():
            return _FUNCTIONS[node.name]([value_of(one, answers) for one in node.arguments])
    raise TypeError(f"not of branching: {node}")


def _plain(value: Value) -> Value:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _turned(value: Value, negated: bool) -> Value:
    return value if value is None or not negated else not value


def _joined(node: Binary, answers: Values) -> Value:
    """By the logic of three values."""
    sides = (value_of(node.left, answers), value_of(node.right, answers))
    decisive = node.operator == "or"
    return decisive if decisive in sides else None if None in sides else not decisive


def _of_two(operator: str, left: Any, right: Any) -> Value:
    if left is None or right is None:
        return None
    if operator in _COMPARE:
        return _COMPARE[operator](left, right)
    return _number(operator, left, right)


def _number(operator: str, left: float, right: float) -> float | None:
    """Null where it has no result, as everywhere."""
    if operator in "/%" and right == 0:
        return None
    found = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "%": lambda: math.fmod(left, right),
    }[operator]()
    return found if math.isfinite(found) else None
