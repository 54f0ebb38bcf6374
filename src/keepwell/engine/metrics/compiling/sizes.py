"""How large the SQL of an Ibis expression grows. Ibis shares what occurs twice, SQL writes it twice."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.common.graph import Node

_COPIED_BY_BACKENDS = (ops.NullIf, ops.Between)
"""DuckDB writes these out as `case`, with their first argument twice."""

_DEEP = (ops.SearchedCase, ops.IfElse, ops.ArrayMap)
_FLAT = (ops.And, ops.Or, ops.Add, ops.Subtract, ops.Multiply)
"""Chains of one of these are written without recursion."""


@dataclass(frozen=True)
class Size:
    """Operations written out in full, and how deep they nest."""

    operations: int
    depth: int


def size_of(value: ir.Value) -> Size:
    """The size of a value over its relations; computed once for every shared part."""
    known: dict[Node, Size] = {}
    left: list[Node] = [value.op()]
    while left:
        node = left[-1]
        parts = (
            [] if isinstance(node, ops.Field | ops.Literal) else [part for part in node.__children__ if _is_value(part)]
        )
        missing = [part for part in parts if part not in known]
        if missing:
            left.extend(missing)
        else:
            known[left.pop()] = _size(node, parts, known)
    return known[value.op()]


def _is_value(node: Node) -> bool:
    return isinstance(node, ops.Value)


def _size(node: Node, parts: list[Node], known: dict[Node, Size]) -> Size:
    copied = known[parts[0]].operations if isinstance(node, _COPIED_BY_BACKENDS) else 0
    step = 2 if isinstance(node, _DEEP) else 1
    depths = [
        known[part].depth + (0 if isinstance(node, _FLAT) and type(part) is type(node) else step) for part in parts
    ]
    return Size(1 + copied + sum(known[part].operations for part in parts), max(depths, default=1))
