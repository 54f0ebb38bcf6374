"""Which texts an expression compares its names with."""

from __future__ import annotations

from collections.abc import Iterator

from keepwell.definitions.expressions import Binary, Expression, InList, Literal, Name, walk


def compared(expression: Expression) -> Iterator[tuple[str, str]]:
    """Names with the texts that they are compared with."""
    for node in walk(expression):
        sides: tuple[Expression, ...] = ()
        if isinstance(node, Binary) and node.operator in ("=", "<>"):
            sides = (node.left, node.right)
        elif isinstance(node, InList):
            sides = (node.operand, *node.items)
        for name in (one for one in sides if isinstance(one, Name)):
            for other in sides:
                if isinstance(other, Literal) and isinstance(other.value, str):
                    yield name.dotted, other.value
