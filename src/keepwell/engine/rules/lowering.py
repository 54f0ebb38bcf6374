"""Conditions as plans over columns: comparisons of a column with a constant, joined by and, or and not.

That much is what most conditions of rules are made of, and NumPy answers it block by block many times faster than a
query. Whatever else an expression asks for (arithmetic, functions, dates made from dates) is a column of its own,
computed once by the compiler of expressions; see `matching`.

A plan says where a condition is true, with null as false. `not` is carried inwards to the comparisons, where null stays
false: `not (a < 5)` is `a >= 5`, and so neither holds where there is no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from keepwell.definitions.expressions import (
    AsOf,
    Between,
    Binary,
    Expression,
    InList,
    InSegment,
    IsNull,
    Literal,
    Name,
    NameScope,
    Unary,
    ValueType,
    check,
)
from keepwell.definitions.expressions.moments import moment_of
from keepwell.definitions.expressions.nodes import COMPARISONS


@dataclass(frozen=True)
class Compare:
    """A column against a constant, or against another column. False where a value is null."""

    operator: str
    column: str
    constant: float | str | None = None
    other: str | None = None


@dataclass(frozen=True)
class OneOf:
    """A text column against several texts. False where it is null."""

    column: str
    texts: frozenset[str]


@dataclass(frozen=True)
class Has:
    """Whether a column has a value."""

    column: str


@dataclass(frozen=True)
class IsTruth:
    """Whether a boolean column is true, or false; neither where it is null."""

    column: str
    truth: bool


@dataclass(frozen=True)
class Always:
    truth: bool


@dataclass(frozen=True)
class Joined:
    """All of some plans, or any."""

    every: bool
    parts: tuple[Plan, ...]


@dataclass(frozen=True)
class Opposite:
    part: Plan


Plan = Compare | OneOf | Has | IsTruth | Always | Joined | Opposite

_TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass
class Lowering:
    """Makes plans over columns of such types. What must be computed first gathers in `computed`, by column name."""

    types: Mapping[str, ValueType]
    segments: Mapping[str, Expression]
    as_of: date
    computed: dict[str, Expression] = field(default_factory=dict)
    _segments: dict[str, Plan] = field(default_factory=dict)

    def plan(self, node: Expression, wanted: bool = True) -> Plan:
        """Where the condition is `wanted` (and not null)."""
        rule = _RULES.get(type(node))
        found = rule(self, node, wanted) if rule else None
        return found if found is not None else IsTruth(self._column(node), wanted)

    def _column(self, node: Expression) -> str:
        if isinstance(node, Name):
            return node.dotted
        name = f"= {node}"
        self.computed[name] = node
        return name

    def _type(self, node: Expression) -> ValueType:
        return check(node, NameScope("", self.types, self.segments))[0]

    def literal(self, node: Literal, wanted: bool) -> Plan:
        return Always(node.value is wanted)

    def name(self, node: Name, wanted: bool) -> Plan:
        return IsTruth(node.dotted, wanted)

    def opposite(self, node: Unary, wanted: bool) -> Plan | None:
        return self.plan(node.operand, not wanted) if node.operator == "not" else None

    def segment(self, node: InSegment, wanted: bool) -> Plan:
        """In a segment or not: never null."""
        if node.segment not in self._segments:
            self._segments[node.segment] = self.plan(self.segments[node.segment])
        inside = self._segments[node.segment]
        return inside if wanted else Opposite(inside)

    def binary(self, node: Binary, wanted: bool) -> Plan | None:
        if node.operator in ("and", "or"):
            parts = (self.plan(node.left, wanted), self.plan(node.right, wanted))
            return joined((node.operator == "and") == wanted, parts)
        if node.operator in COMPARISONS:
            operator = node.operator if wanted else _OPPOSITE[node.operator]
            return self._compared(operator, node.left, node.right)
        return None

    def between(self, node: Between, wanted: bool) -> Plan | None:
        low, high = self._bounds(node)
        if low is None or high is None:
            return None
        if wanted != node.negated:
            return joined(True, (low, high))
        below = self._compared("<", node.operand, node.low)
        above = self._compared(">", node.operand, node.high)
        return None if below is None or above is None else joined(False, (below, above))

    def _bounds(self, node: Between) -> tuple[Plan | None, Plan | None]:
        return self._compared(">=", node.operand, node.low), self._compared("<=", node.operand, node.high)

    def is_null(self, node: IsNull, wanted: bool) -> Plan:
        has = Has(self._column(node.operand))
        return has if node.negated == wanted else Opposite(has)

    def in_list(self, node: InList, wanted: bool) -> Plan | None:
        inside = wanted != node.negated
        values = [item.value for item in node.items if isinstance(item, Literal)]
        if len(values) < len(node.items):
            return None
        if not inside and None in values:
            return Always(False)  # it could be what is not known
        known = [value for value in values if value is not None]
        if known and all(isinstance(value, str) for value in known) and self._type(node.operand) is ValueType.TEXT:
            one_of = OneOf(self._column(node.operand), frozenset(map(str, known)))
            return one_of if inside else joined(True, (Has(one_of.column), Opposite(one_of)))
        parts = [self._compared("=" if inside else "<>", node.operand, Literal(value)) for value in known]
        if any(part is None for part in parts):
            return None
        return joined(not inside, tuple(part for part in parts if part is not None))

    def _compared(self, operator: str, left: Expression, right: Expression) -> Plan | None:
        if isinstance(left, Literal | AsOf) and not isinstance(right, Literal | AsOf):
            return self._compared(_TURNED[operator], right, left)
        types = {self._type(left), self._type(right)}
        if ValueType.TIMESTAMP in types:
            return None
        if ValueType.DATE in types:
            return self._dates(operator, left, right)
        if ValueType.NULL in types:
            return Always(False)
        if types == {ValueType.NUMBER} or (types == {ValueType.TEXT} and operator in ("=", "<>")):
            if isinstance(right, Literal):
                assert isinstance(right.value, float | str)
                return Compare(operator, self._column(left), right.value)
            if types == {ValueType.NUMBER}:
                return Compare(operator, self._column(left), other=self._column(right))
        return None

    def _dates(self, operator: str, left: Expression, right: Expression) -> Plan | None:
        if self._type(left) is not ValueType.DATE:
            return None
        day = self._day(right)
        if day is not None:
            return Compare(operator, self._column(left), float((day - date(1970, 1, 1)).days))
        if self._type(right) is not ValueType.DATE or isinstance(right, Literal):
            return None
        return Compare(operator, self._column(left), other=self._column(right))

    def _day(self, node: Expression) -> date | None:
        if isinstance(node, AsOf):
            return self.as_of
        value = node.value if isinstance(node, Literal) else None
        if isinstance(value, str):
            moment = moment_of(value)
            return moment.value if moment is not None and moment.type is ValueType.DATE else None
        return value if isinstance(value, date) else None


def joined(every: bool, parts: tuple[Plan, ...]) -> Plan:
    """All or any of the parts; those that are the same kind of joint are taken in."""
    flat: list[Plan] = []
    for part in parts:
        flat += part.parts if isinstance(part, Joined) and part.every == every else (part,)
    if any(isinstance(part, Always) and part.truth != every for part in flat):
        return Always(not every)
    left = tuple(dict.fromkeys(part for part in flat if not isinstance(part, Always)))
    return Joined(every, left) if len(left) > 1 else left[0] if left else Always(every)


_RULES: dict[type[Expression], Callable[[Lowering, Expression, bool], Plan | None]] = {
    Literal: Lowering.literal,  # type: ignore[dict-item]
    Name: Lowering.name,  # type: ignore[dict-item]
    Unary: Lowering.opposite,  # type: ignore[dict-item]
    InSegment: Lowering.segment,  # type: ignore[dict-item]
    Binary: Lowering.binary,  # type: ignore[dict-item]
    Between: Lowering.between,  # type: ignore[dict-item]
    IsNull: Lowering.is_null,  # type: ignore[dict-item]
    InList: Lowering.in_list,  # type: ignore[dict-item]
}
