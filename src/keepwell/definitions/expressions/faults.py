"""Which expressions can become null for another reason than a null they were given."""

from __future__ import annotations

from keepwell.definitions.expressions.functions import FUNCTIONS
from keepwell.definitions.expressions.nodes import ARITHMETIC, Binary, Cast, Expression, Function, Literal, walk


def may_fault(expression: Expression) -> bool:
    """Whether a division by zero, a number outside a domain, an overflow or a failing cast may occur somewhere."""
    return any(_may_fault(node) for node in walk(expression))


def _may_fault(node: Expression) -> bool:
    if isinstance(node, Binary) and node.operator in ("/", "%"):
        return not _is_harmless(node.operator, node.right)
    if isinstance(node, Function):
        return bool(FUNCTIONS[node.name].faults)
    return isinstance(node, Cast) or (isinstance(node, Binary) and node.operator in ARITHMETIC)


def _is_harmless(operator: str, divisor: Expression) -> bool:
    """Whether a divisor is a constant by which nothing overflows: not zero, and for a quotient not below 1."""
    value = divisor.value if isinstance(divisor, Literal) else None
    return isinstance(value, float) and (abs(value) >= 1 or (operator == "%" and value != 0))
