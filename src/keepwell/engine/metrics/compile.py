"""From the expression language to Ibis, with one meaning on DuckDB, PostgreSQL and Spark. Nothing is executed here.

The language: keepwell.definitions.expressions. How each part of it is said to each backend: the modules of `compiling`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir

from keepwell.definitions.expressions import (
    AsOf,
    Between,
    Binary,
    Case,
    Cast,
    Expression,
    ExpressionError,
    Function,
    InList,
    InSegment,
    IsNull,
    Like,
    Literal,
    Name,
    NameScope,
    Unary,
    ValueType,
    check,
)
from keepwell.definitions.expressions.nodes import ARITHMETIC, LOGIC
from keepwell.engine.metrics.compiling import comparisons, texts
from keepwell.engine.metrics.compiling.arithmetic import computed, negated
from keepwell.engine.metrics.compiling.casts import cast
from keepwell.engine.metrics.compiling.dates import DATE_FUNCTIONS
from keepwell.engine.metrics.compiling.dialects import DIALECTS, Dialect
from keepwell.engine.metrics.compiling.numbers import NUMBER_FUNCTIONS
from keepwell.engine.metrics.compiling.operands import Operand, closed, faults_of, of_column, of_constant, type_of
from keepwell.engine.metrics.compiling.sizes import size_of
from keepwell.engine.metrics.compiling.texts import TEXT_FUNCTIONS

MOST_OPERATIONS = 20_000
DEEPEST = 110

_FUNCTIONS = {
    **NUMBER_FUNCTIONS,
    **TEXT_FUNCTIONS,
    **DATE_FUNCTIONS,
    "coalesce": comparisons.first_not_null,
    "nullif": comparisons.null_if_equal,
    "greatest": comparisons.largest,
    "least": comparisons.smallest,
}


@dataclass(frozen=True)
class Scope:
    """What the names of an expression stand for.

    `columns` by name as written, dots included (`measure.adoption`): whole numbers, floats, decimals, texts, booleans,
    dates, and timestamps without zone in local time. `as_of`: a date, needed where the expression names it. `segments`:
    boolean values by name, None where the place has no `in_segment`. `dialect`: duckdb, postgres or pyspark. `finite`:
    float columns that hold no NaN or infinity, such as results of this compiler, which spares asking each value.
    """

    columns: Mapping[str, ir.Value]
    as_of: ir.DateValue | None = None
    segments: Mapping[str, ir.BooleanValue] | None = None
    dialect: str = "duckdb"
    finite: Collection[str] = frozenset()


@dataclass(frozen=True)
class Compiled:
    """`value` as an Ibis value of the columns' relation, and `fault`, never null, or None where none can occur.

    A fault is a division by zero, a number outside a domain, an overflow or a failing cast, which gave null although
    the inputs were not null. It counts unless something stood in for the null: another argument of `coalesce`, the
    other side of `and` or `or`, `is null`, or a branch of `case` that was not taken.

    Numbers are float64, but for columns of whole numbers named alone, counts of characters and literals.
    """

    value: ir.Value
    fault: ir.BooleanValue | None = None
    type: ValueType = field(default=ValueType.UNKNOWN)


def compile_expression(expression: Expression, scope: Scope) -> Compiled:
    """The expression over the columns of the scope. Raises ExpressionError with all that does not fit them."""
    _refuse(expression, scope)
    operand = closed(_Compiler(scope, DIALECTS[scope.dialect]).operand(expression))
    fault = None if operand.fault is None else operand.fault.fill_null(False)
    for part in (operand.value, fault):
        if part is not None:
            _refuse_size(part)
    return Compiled(operand.value, fault, operand.type)


def as_condition(compiled: Compiled) -> ir.BooleanValue:
    """A compiled condition in which null counts as false, as in `where`, `when`, `applies_to` and segments."""
    return compiled.value.cast("boolean").fill_null(False)


def _refuse(expression: Expression, scope: Scope) -> None:
    names = {name: type_of(column.type()) for name, column in scope.columns.items()}
    place = NameScope("this expression", names, None if scope.segments is None else tuple(scope.segments))
    _, problems = check(expression, place)
    if problems:
        raise ExpressionError("; ".join(map(str, problems)))


def _refuse_size(value: ir.Value) -> None:
    size = size_of(value)
    if size.operations > MOST_OPERATIONS or size.depth > DEEPEST:
        raise ExpressionError("the expression has too many operations inside each other; split it into several metrics")


@dataclass(frozen=True)
class _Compiler:
    scope: Scope
    dialect: Dialect

    def operand(self, node: Expression) -> Operand:
        return _RULES[type(node)](self, node)

    def name(self, node: Name) -> Operand:
        return of_column(self.scope.columns[node.dotted], is_finite=node.dotted in self.scope.finite)

    def as_of(self, node: AsOf) -> Operand:
        if self.scope.as_of is None:
            raise ExpressionError("`as_of` has no meaning here", node.offset)
        return Operand(self.scope.as_of, ValueType.DATE)

    def segment(self, node: InSegment) -> Operand:
        assert self.scope.segments is not None
        return Operand(self.scope.segments[node.segment].fill_null(False), ValueType.BOOLEAN)

    def condition(self, node: Expression) -> Operand:
        operand = self.operand(node)
        return cast(operand, ValueType.BOOLEAN, self.dialect) if operand.type is ValueType.NULL else operand

    def number(self, node: Expression) -> Operand:
        operand = self.operand(node)
        return cast(operand, ValueType.NUMBER, self.dialect) if operand.type is ValueType.NULL else operand

    def unary(self, node: Unary) -> Operand:
        if node.operator == "-":
            return negated(self.number(node.operand))
        operand = self.condition(node.operand)
        return operand.becoming(~operand.value, ValueType.BOOLEAN)

    def binary(self, node: Binary) -> Operand:
        if node.operator in ARITHMETIC:
            return computed(node.operator, self.number(node.left), self.number(node.right), self.dialect)
        if node.operator in LOGIC:
            return comparisons.joined(node.operator, self.condition(node.left), self.condition(node.right))
        return comparisons.compared(node.operator, self.operand(node.left), self.operand(node.right), self.dialect)

    def function(self, node: Function) -> Operand:
        read = self.number if node.name in NUMBER_FUNCTIONS else self.operand
        return _FUNCTIONS[node.name]([read(argument) for argument in node.arguments], self.dialect)

    def case(self, node: Case) -> Operand:
        results = [self.operand(when.result) for when in node.whens]
        otherwise = self.operand(node.otherwise) if node.otherwise is not None else of_constant(None)
        conditions = [self._when(node.operand, when.condition) for when in node.whens]
        return comparisons.chosen(conditions, results, otherwise)

    def _when(self, operand: Expression | None, condition: Expression) -> Operand:
        if operand is None:
            return self.condition(condition)
        return comparisons.compared("=", self.operand(operand), self.operand(condition), self.dialect)

    def cast(self, node: Cast) -> Operand:
        return cast(self.operand(node.operand), node.to, self.dialect)

    def in_list(self, node: InList) -> Operand:
        found = comparisons.listed(self.operand(node.operand), [self.operand(item) for item in node.items])
        return _maybe_not(found, node.negated)

    def between(self, node: Between) -> Operand:
        operand, low, high = (self.operand(one) for one in (node.operand, node.low, node.high))
        return _maybe_not(comparisons.between(operand, low, high, self.dialect), node.negated)

    def is_null(self, node: IsNull) -> Operand:
        """Asking whether there is a value is not a fault where there is none."""
        value = closed(self.operand(node.operand)).value
        return Operand(value.notnull() if node.negated else value.isnull(), ValueType.BOOLEAN)

    def like(self, node: Like) -> Operand:
        operand, pattern = self.operand(node.operand), self.operand(node.pattern)
        value = texts.matched(operand, pattern, node.ignore_case, self.dialect)
        return _maybe_not(Operand(value, ValueType.BOOLEAN, faults_of((operand, pattern))), node.negated)


def _maybe_not(operand: Operand, negated: bool) -> Operand:
    return operand.becoming(~operand.value, ValueType.BOOLEAN) if negated else operand


_RULES: dict[type[Expression], Callable[[_Compiler, Expression], Operand]] = {
    Literal: lambda _, node: of_constant(node.value),  # type: ignore[attr-defined]
    AsOf: _Compiler.as_of,  # type: ignore[dict-item]
    Name: _Compiler.name,  # type: ignore[dict-item]
    InSegment: _Compiler.segment,  # type: ignore[dict-item]
    Unary: _Compiler.unary,  # type: ignore[dict-item]
    Binary: _Compiler.binary,  # type: ignore[dict-item]
    Function: _Compiler.function,  # type: ignore[dict-item]
    Case: _Compiler.case,  # type: ignore[dict-item]
    Cast: _Compiler.cast,  # type: ignore[dict-item]
    InList: _Compiler.in_list,  # type: ignore[dict-item]
    Between: _Compiler.between,  # type: ignore[dict-item]
    IsNull: _Compiler.is_null,  # type: ignore[dict-item]
    Like: _Compiler.like,  # type: ignore[dict-item]
}
