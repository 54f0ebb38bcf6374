"""Runs the table of expressions on a backend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions import parse
from keepwell.engine.metrics.compile import Compiled, Scope, compile_expression
from tests.backends.expression_cases import AS_OF, COLUMNS, SEGMENTS, Case, Value


@dataclass(frozen=True)
class ExpressionTable:
    """A table with one row a case, by number, on a connected backend."""

    connection: ibis.BaseBackend
    table: ir.Table
    dialect: str

    def compiled(self, expression: str) -> Compiled:
        columns = {name: self.table[name] for name in COLUMNS}
        scope = Scope(columns, ibis.date(AS_OF), None, self.dialect)
        segments = {name: compile_expression(parse(text), scope).value for name, text in SEGMENTS.items()}
        return compile_expression(parse(expression), Scope(columns, ibis.date(AS_OF), segments, self.dialect))

    def answer(self, number: int, expression: str) -> tuple[Value, bool]:
        """The value and the fault of an expression in one row."""
        compiled = self.compiled(expression)
        fault = ibis.literal(False) if compiled.fault is None else compiled.fault
        row = self.table.filter(self.table.id == number).select(value=compiled.value, fault=fault)
        (found,) = self.connection.to_pyarrow(row).to_pylist()
        return found["value"], found["fault"]


def rows_of(cases: Sequence[Case]) -> list[tuple[Value, ...]]:
    """The rows of the table: the number of the case, then its columns."""
    return [(number, *(case.row.get(name) for name in COLUMNS)) for number, case in enumerate(cases)]


def same(found: Value, expected: Value) -> bool:
    """Equal to the bit, up to the sign of zero; functions of the C library may differ in the last two digits."""
    if isinstance(expected, float) and isinstance(found, float | int) and not isinstance(found, bool):
        return found == expected or math.isclose(found, expected, rel_tol=4e-16)
    if isinstance(expected, date) or expected is None:
        return found == expected
    return type(found) is type(expected) and found == expected
