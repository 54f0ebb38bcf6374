"""Which expressions can become null for another reason than a null they were given."""

from __future__ import annotations

from keepwell.definitions.expressions.functions import FUNCTIONS
from keepwell.definitions.expressions.nodes import ARITHMETIC, Binary, Cast, Expression, Function, Literal, walk


def may_fault(expression: Expression) -> bool:
    """Whether a division by zero, a number outside a domain, an overflow or a failing cast may occur somewhere."""
    return any(_may_fault(node) for node in walk(expression))


def _may_fault(node: Expression) -> bool:
    if isinstance(node, Binary) and node.operator in ("/", "%"):
        return not (isinstance(node.right, Literal) and node.right.value)
    if isinstance(node, Function):
        return bool(FUNCTIONS[node.name].faults)
    return isinstance(node, Cast) or (isinstance(node, Binary) and node.operator in ARITHMETIC)
