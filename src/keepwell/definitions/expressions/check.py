"""Finds all that is wrong with an expression in its place: unknown names, and types that do not fit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from keepwell.definitions.expressions.functions import AGGREGATES, FUNCTIONS, MOST_DIGITS, UNITS, Kind
from keepwell.definitions.expressions.moments import MOMENT_FORMS, moment_of
from keepwell.definitions.expressions.nodes import (
    ARITHMETIC,
    LOGIC,
    Aggregate,
    AsOf,
    Between,
    Binary,
    Case,
    Cast,
    Expression,
    Function,
    InList,
    InSegment,
    IsNull,
    Like,
    Literal,
    Name,
    Past,
    Unary,
)
from keepwell.definitions.expressions.problems import Problem, nearest
from keepwell.definitions.expressions.types import ValueType, common_type

_N, _T, _B, _D = ValueType.NUMBER, ValueType.TEXT, ValueType.BOOLEAN, ValueType.DATE
_CASTABLE = {
    _N: (_N, _T, _B),
    _T: (_N, _T, _B, _D, ValueType.TIMESTAMP),
    _B: (_B, _T, _N),
    _D: (_D, ValueType.TIMESTAMP, _T),
}
_MOST_LISTED = 30


@dataclass(frozen=True)
class NameScope:
    """What may be named in a place. `place` says which place it is, such as "a row expression of dataset tickets".

    `names` are keyed as written, dots included. With `complete=False` more names may exist than are known (the columns
    of a file that was not read yet), and others are taken as of unknown type. `segments` None: no `in_segment` here.
    `past`: whether it has a past that can be looked at.
    """

    place: str
    names: Mapping[str, ValueType]
    segments: Collection[str] | None = None
    complete: bool = True
    past: bool = False


def check(expression: Expression, scope: NameScope) -> tuple[ValueType, list[Problem]]:
    """The type of the expression (UNKNOWN where a problem hides it), and all its problems in the order of the text."""
    checker = _Checker(scope)
    found = checker.type_of(expression)
    return found, checker.sorted_problems()


def check_condition(expression: Expression, scope: NameScope) -> list[Problem]:
    """The problems of an expression that must be true or false."""
    checker = _Checker(scope)
    checker.require(expression, _B)
    return checker.sorted_problems()


def check_aggregate(aggregate: Aggregate, scope: NameScope) -> tuple[ValueType, list[Problem]]:
    """The type of an aggregate over rows, and its problems."""
    spec, checker = AGGREGATES[aggregate.function], _Checker(scope)
    found = ValueType.UNKNOWN
    if aggregate.argument is not None and spec.argument is Kind.NUMBER:
        found = checker.require(aggregate.argument, _N)
    elif aggregate.argument is not None:
        found = checker.type_of(aggregate.argument)
        if spec.argument is Kind.ORDERED and found is _B:
            checker.report(f"`{aggregate.function}` does not take true and false", aggregate.argument)
    return spec.result or found, checker.sorted_problems()


@dataclass
class _Checker:
    scope: NameScope
    problems: list[Problem] = field(default_factory=list)

    def sorted_problems(self) -> list[Problem]:
        unique = dict.fromkeys(self.problems)
        return sorted(unique, key=lambda problem: -1 if problem.offset is None else problem.offset)

    def report(self, message: str, node: Expression, suggestion: str | None = None) -> None:
        self.problems.append(Problem(message, node.offset, suggestion))

    def type_of(self, node: Expression) -> ValueType:
        return _RULES[type(node)](self, node)

    def require(self, node: Expression, wanted: ValueType) -> ValueType:
        """The node must be of type `wanted`; returns `wanted`."""
        self._expect(node, self.type_of(node), wanted)
        return wanted

    def _expect(self, node: Expression, found: ValueType, wanted: ValueType) -> None:
        if found is not wanted and not found.is_open:
            hint = _HINTS.get((found, wanted), "").format(node=shown(node))
            self.report(f"{found} where a {wanted} is needed: `{shown(node)}`{hint}", node)

    def unify(self, nodes: Sequence[Expression], what: str) -> ValueType:
        """The one type of `nodes`; texts that write a date count as dates beside dates."""
        types = [self.type_of(node) for node in nodes]
        if any(one.is_temporal for one in types):
            types = [self._moment(node, one) for node, one in zip(nodes, types, strict=True)]
        found = common_type(types)
        if found is None:
            self._report_mixture(nodes, types, what)
        return found or ValueType.UNKNOWN

    def _moment(self, node: Expression, found: ValueType) -> ValueType:
        if not (isinstance(node, Literal) and isinstance(node.value, str)):
            return found
        moment = moment_of(node.value)
        if moment is None:
            self.report(f"{shown(node)} is not a date (allowed: {MOMENT_FORMS})", node)
            return ValueType.UNKNOWN
        return moment.type

    def _report_mixture(self, nodes: Sequence[Expression], types: Sequence[ValueType], what: str) -> None:
        first = next(index for index, one in enumerate(types) if not one.is_open)
        for node, found in zip(nodes, types, strict=True):
            if common_type([types[first], found]) is None:
                hint = _HINTS.get((found, types[first]), "").format(node=shown(node))
                self.report(
                    f"{what} must be of one type: `{shown(nodes[first])}` is {types[first]}, "
                    f"`{shown(node)}` is {found}{hint}",
                    node,
                )

    def ordered(self, found: ValueType, node: Expression) -> None:
        if found is _B:
            self.report(f"true and false have no order: `{shown(node)}`", node)

    def name(self, node: Name) -> ValueType:
        known = self.scope.names.get(node.dotted)
        if known is not None:
            return known
        if self.scope.complete:
            names = self.scope.names
            allowed = f" (allowed: {listed(names)})" if names else " (no names are allowed here)"
            self.report(f"unknown name `{node}` in {self.scope.place}{allowed}", node, nearest(node.dotted, names))
        return ValueType.UNKNOWN

    def segment(self, node: InSegment) -> ValueType:
        segments = self.scope.segments
        if segments is None:
            self.report(f"`in_segment` has no meaning in {self.scope.place}, only in expressions over accounts", node)
        elif node.segment not in segments:
            allowed = f"allowed: {listed(segments)}" if segments else "no segment is defined"
            self.report(f"unknown segment '{node.segment}' ({allowed})", node, nearest(node.segment, segments))
        return _B

    def past(self, node: Past) -> ValueType:
        if not self.scope.past:
            self.report(
                f"`{node.function}` has no meaning in {self.scope.place}, only in rules and stages; a metric has "
                "change_of",
                node,
            )
        return self.require(node.name, _N) if node.function == "change_over" else self.type_of(node.name)

    def unary(self, node: Unary) -> ValueType:
        return self.require(node.operand, _N if node.operator == "-" else _B)

    def binary(self, node: Binary) -> ValueType:
        if node.operator in ARITHMETIC or node.operator in LOGIC:
            wanted = _N if node.operator in ARITHMETIC else _B
            self.require(node.left, wanted)
            return self.require(node.right, wanted)
        found = self.unify((node.left, node.right), f"both sides of `{node.operator}`")
        if node.operator not in ("=", "<>"):
            self.ordered(found, node)
        return _B

    def function(self, node: Function) -> ValueType:
        spec = FUNCTIONS[node.name]
        count = len(node.arguments)
        if count < spec.fewest or (spec.most is not None and count > spec.most):
            self.report(f"`{node.name}` does not take {count} arguments", node)
            return spec.result or ValueType.UNKNOWN
        same = [one for index, one in enumerate(node.arguments) if spec.kind_of(index) in (Kind.SAME, Kind.ORDERED)]
        found = self.unify(same, f"the arguments of `{node.name}`") if same else ValueType.UNKNOWN
        if spec.kind_of(0) is Kind.ORDERED:
            self.ordered(found, node)
        for index, argument in enumerate(node.arguments):
            self._argument(node, argument, spec.kind_of(index))
        return spec.result or found

    def _argument(self, node: Function, argument: Expression, kind: Kind) -> None:
        if kind in (Kind.NUMBER, Kind.TEXT):
            self.require(argument, _N if kind is Kind.NUMBER else _T)
        elif kind is Kind.DAY:
            found = self._moment(argument, self.type_of(argument))
            self._expect(argument, _D if found.is_temporal else found, _D)
        elif kind is Kind.UNIT and not (isinstance(argument, Literal) and argument.value in UNITS):
            self.report(
                f"the first argument of `{node.name}` must be 'day' or 'month', not `{shown(argument)}`", argument
            )
        elif kind is Kind.DIGITS and not is_digits(argument):
            self.report(
                f"the digits of `{node.name}` must be a whole number from -{MOST_DIGITS} to {MOST_DIGITS}, "
                f"written out, not `{shown(argument)}`",
                argument,
            )

    def case(self, node: Case) -> ValueType:
        if node.operand is not None:
            self.unify((node.operand, *(when.condition for when in node.whens)), "the values of `case`")
        else:
            for when in node.whens:
                self.require(when.condition, _B)
        results = [when.result for when in node.whens]
        if node.otherwise is not None:
            results.append(node.otherwise)
        return self.unify(results, "the results of `case`")

    def cast(self, node: Cast) -> ValueType:
        found = self.type_of(node.operand)
        if not found.is_open and found not in _CASTABLE[node.to]:
            allowed = ", ".join(_CASTABLE[node.to])
            self.report(f"{found} cannot be cast to {node.to}: `{shown(node.operand)}` (allowed: {allowed})", node)
        return node.to

    def in_list(self, node: InList) -> ValueType:
        self.unify((node.operand, *node.items), "the values of `in`")
        return _B

    def between(self, node: Between) -> ValueType:
        self.ordered(self.unify((node.operand, node.low, node.high), "the values of `between`"), node)
        return _B

    def is_null(self, node: IsNull) -> ValueType:
        self.type_of(node.operand)
        return _B

    def like(self, node: Like) -> ValueType:
        self.require(node.operand, _T)
        self.require(node.pattern, _T)
        return _B


_RULES: dict[type[Expression], Callable[[_Checker, Expression], ValueType]] = {
    Literal: lambda _, node: node.type,  # type: ignore[attr-defined]
    AsOf: lambda _, __: _D,
    Name: _Checker.name,  # type: ignore[dict-item]
    InSegment: _Checker.segment,  # type: ignore[dict-item]
    Past: _Checker.past,  # type: ignore[dict-item]
    Unary: _Checker.unary,  # type: ignore[dict-item]
    Binary: _Checker.binary,  # type: ignore[dict-item]
    Function: _Checker.function,  # type: ignore[dict-item]
    Case: _Checker.case,  # type: ignore[dict-item]
    Cast: _Checker.cast,  # type: ignore[dict-item]
    InList: _Checker.in_list,  # type: ignore[dict-item]
    Between: _Checker.between,  # type: ignore[dict-item]
    IsNull: _Checker.is_null,  # type: ignore[dict-item]
    Like: _Checker.like,  # type: ignore[dict-item]
}

_HINTS = {
    (_T, _N): "; write cast({node} as number)",
    (_T, _D): "; write cast({node} as date)",
    (_T, ValueType.TIMESTAMP): "; write cast({node} as date)",
    (_D, _N): "; days between dates are date_diff('day', from, to), a later date is date_add('day', n, date)",
    (ValueType.TIMESTAMP, _N): "; days between dates are date_diff('day', from, to)",
    (_N, _B): "; compare it, as in {node} > 0",
    (_T, _B): "; compare it, as in {node} = 'yes'",
    (_N, _T): "; write cast({node} as text)",
}


def is_digits(node: Expression) -> bool:
    """Whether a node is a number of digits that `round` takes."""
    value = node.value if isinstance(node, Literal) else None
    return isinstance(value, float) and value.is_integer() and abs(value) <= MOST_DIGITS


def shown(node: Expression) -> str:
    """The text of a node, cut where a message would grow too long."""
    text = str(node)
    return text if len(text) <= 60 else text[:57] + "..."


def listed(names: Collection[str]) -> str:
    """Names for a message, in order, cut after some."""
    ordered = sorted(names)
    more = f" and {len(ordered) - _MOST_LISTED} more" if len(ordered) > _MOST_LISTED else ""
    return ", ".join(ordered[:_MOST_LISTED]) + more
