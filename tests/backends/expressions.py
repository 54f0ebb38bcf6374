"""Runs the table of expressions on a backend."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions import parse
from keepwell.engine.metrics.compile import Compiled, Scope, compile_expression
from tests.backends.expression_case import AS_OF, COLUMNS, SEGMENTS, Case, Value
from tests.backends.expression_cases import CASES

_AT_ONCE = 24
Answer = tuple[Value, bool]
Fetch = Callable[[ir.Table], list[tuple[Any, ...]]]


@dataclass
class ExpressionTable:
    """A table with one row a case, by number, on a connected backend; `fetch` runs a query there.

    Cases are asked for several at once and over the rows of all cases, so that guards are seen to hold whatever else
    stands in a row. `failures` keeps what went wrong then, by the first case of those asked together.
    """

    table: ir.Table
    dialect: str
    fetch: Fetch
    answers: dict[int, Answer] = field(default_factory=dict)
    failures: dict[int, Exception] = field(default_factory=dict)

    def answer(self, number: int) -> Answer:
        """The value and the fault of a case in its own row."""
        first = number - number % _AT_ONCE
        if number not in self.answers and first not in self.failures:
            try:
                self.answers |= self._ask(range(first, min(first + _AT_ONCE, len(CASES))), self.table)
            except Exception as error:  # whatever a backend raises
                self.failures[first] = error
        if number not in self.answers:
            self.answers |= self._ask([number], self.table.filter(self.table.id == number))
        return self.answers[number]

    def _ask(self, numbers: Sequence[int], rows: ir.Table) -> dict[int, Answer]:
        columns: dict[str, ir.Value] = {}
        for number in numbers:
            compiled = self.compiled(CASES[number].expression)
            columns[f"value_{number}"] = compiled.value
            columns[f"fault_{number}"] = ibis.literal(False) if compiled.fault is None else compiled.fault
        found = {row[0]: row[1:] for row in self.fetch(rows.select(id=rows.id, **columns))}
        pairs = [found[number][2 * index : 2 * index + 2] for index, number in enumerate(numbers)]
        return dict(zip(numbers, pairs, strict=True))

    def compiled(self, expression: str) -> Compiled:
        columns = {name: self.table[name] for name in COLUMNS}
        scope = Scope(columns, ibis.date(AS_OF), None, self.dialect)
        segments = {name: compile_expression(parse(text), scope).value for name, text in SEGMENTS.items()}
        return compile_expression(parse(expression), Scope(columns, ibis.date(AS_OF), segments, self.dialect))


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
