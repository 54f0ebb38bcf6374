"""The syntax tree of expressions: small frozen nodes that print themselves.

`str(node)` is the canonical text: parsing it gives an equal node. Nodes remember where they stood in the text they came
from (`offset`), which is no part of what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from keepwell.definitions.expressions.types import ValueType

KEYWORDS = frozenset({
    "and", "or", "not", "in", "between", "is", "null", "like", "ilike", "case", "when", "then", "else", "end", "true",
    "false", "date", "as", "escape", "as_of", "cast",
})  # fmt: skip
"""Words that must be quoted to be names."""

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOWEST, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _UNARY, _PRIMARY = range(9)
_BINDING = {
    "or": _OR, "and": _AND,
    "=": _COMPARISON, "<>": _COMPARISON, "<": _COMPARISON, "<=": _COMPARISON, ">": _COMPARISON, ">=": _COMPARISON,
    "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT,
}  # fmt: skip

COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})
LOGIC = frozenset({"and", "or"})


@dataclass(frozen=True)
class Expression:
    """A node. Equal nodes have the same canonical text."""

    offset: int | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def children(self) -> tuple[Expression, ...]:
        return ()

    @property
    def binding(self) -> int:
        """How tightly the text of the node holds together; a looser one is put in brackets inside a tighter one."""
        return _PRIMARY


@dataclass(frozen=True)
class Literal(Expression):
    """A constant. Numbers are float64; None is null."""

    value: float | str | bool | date | None
    type: ValueType = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            object.__setattr__(self, "value", float(self.value))
        object.__setattr__(self, "type", _type_of(self.value))

    @property
    def binding(self) -> int:
        return _UNARY if isinstance(self.value, float) and str(self).startswith("-") else _PRIMARY

    def __str__(self) -> str:
        value = self.value
        if isinstance(value, float) and not isinstance(value, bool):
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        if isinstance(value, date):
            return f"date '{value.isoformat()}'"
        return quote_text(value) if isinstance(value, str) else "null" if value is None else str(value).lower()


@dataclass(frozen=True)
class Name(Expression):
    """A metric, attribute or column; with dotted parts, such as `measure.adoption`, a part of a scorecard."""

    parts: tuple[str, ...]

    @property
    def dotted(self) -> str:
        """The parts joined by dots, without quotes: the key of the name in a scope."""
        return ".".join(self.parts)

    def __str__(self) -> str:
        return ".".join(_name_part(part) for part in self.parts)


@dataclass(frozen=True)
class AsOf(Expression):
    """The date for which the expression is computed."""

    def __str__(self) -> str:
        return "as_of"


@dataclass(frozen=True)
class Unary(Expression):
    """`-` or `not`."""

    operator: str
    operand: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.operand,)

    @property
    def binding(self) -> int:
        return _UNARY if self.operator == "-" else _NOT

    def __str__(self) -> str:
        if self.operator == "-":
            return f"-{_text(self.operand, _PRIMARY)}"
        return f"not {_text(self.operand, _COMPARISON)}"


@dataclass(frozen=True)
class Binary(Expression):
    """Arithmetic, a comparison, `and` or `or`. `!=` is written `<>`."""

    operator: str
    left: Expression
    right: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.left, self.right)

    @property
    def binding(self) -> int:
        return _BINDING[self.operator]

    def __str__(self) -> str:
        left = self.binding + 1 if self.operator in COMPARISONS else self.binding
        return f"{_text(self.left, left)} {self.operator} {_text(self.right, self.binding + 1)}"


@dataclass(frozen=True)
class Function(Expression):
    """A call of one of the functions of `functions.FUNCTIONS`; the name is lower case."""

    name: str
    arguments: tuple[Expression, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        return self.arguments

    def __str__(self) -> str:
        return f"{self.name}({_listed(self.arguments)})"


@dataclass(frozen=True)
class InSegment(Expression):
    """Whether the account is in a segment; never null."""

    segment: str

    def __str__(self) -> str:
        return f"in_segment({quote_text(self.segment)})"


@dataclass(frozen=True)
class Past(Expression):
    """`value_before(name, days)`: a value as it was; `change_over(name, days)`: what it has changed by since."""

    function: str
    name: Name
    days: int

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.name,)

    def __str__(self) -> str:
        return f"{self.function}({self.name}, {self.days})"


@dataclass(frozen=True)
class When(Expression):
    """One branch of a `case`."""

    condition: Expression
    result: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.condition, self.result)

    def __str__(self) -> str:
        return f"when {self.condition} then {self.result}"


@dataclass(frozen=True)
class Case(Expression):
    """`case [operand] when ... then ... [else ...] end`."""

    operand: Expression | None
    whens: tuple[When, ...]
    otherwise: Expression | None

    @property
    def children(self) -> tuple[Expression, ...]:
        ends = [one for one in (self.operand, self.otherwise) if one is not None]
        return (*self.whens, *ends)

    def __str__(self) -> str:
        operand = f" {self.operand}" if self.operand is not None else ""
        whens = "".join(f" {when}" for when in self.whens)
        otherwise = f" else {self.otherwise}" if self.otherwise is not None else ""
        return f"case{operand}{whens}{otherwise} end"


@dataclass(frozen=True)
class Cast(Expression):
    """A value as number, text, boolean or date."""

    operand: Expression
    to: ValueType

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.operand,)

    def __str__(self) -> str:
        return f"cast({self.operand} as {self.to})"


@dataclass(frozen=True)
class _Test(Expression):
    @property
    def binding(self) -> int:
        return _COMPARISON


@dataclass(frozen=True)
class InList(_Test):
    operand: Expression
    items: tuple[Expression, ...]
    negated: bool = False

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.operand, *self.items)

    def __str__(self) -> str:
        return f"{_text(self.operand, _SUM)} {_not(self)}in ({_listed(self.items)})"


@dataclass(frozen=True)
class Between(_Test):
    operand: Expression
    low: Expression
    high: Expression
    negated: bool = False

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.operand, self.low, self.high)

    def __str__(self) -> str:
        limits = f"{_text(self.low, _SUM)} and {_text(self.high, _SUM)}"
        return f"{_text(self.operand, _SUM)} {_not(self)}between {limits}"


@dataclass(frozen=True)
class IsNull(_Test):
    operand: Expression
    negated: bool = False

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.operand,)

    def __str__(self) -> str:
        return f"{_text(self.operand, _SUM)} is {_not(self)}null"


@dataclass(frozen=True)
class Like(_Test):
    """`%` stands for any text, `_` for one character; there is no escape character. `ilike` ignores case."""

    operand: Expression
    pattern: Expression
    ignore_case: bool = False
    negated: bool = False

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.operand, self.pattern)

    def __str__(self) -> str:
        word = "ilike" if self.ignore_case else "like"
        return f"{_text(self.operand, _SUM)} {_not(self)}{word} {_text(self.pattern, _SUM)}"


@dataclass(frozen=True)
class Aggregate:
    """An aggregate over rows: one of `functions.AGGREGATES`, with its argument where it has one."""

    function: str
    argument: Expression | None = None

    def __str__(self) -> str:
        return f"{self.function}({self.argument if self.argument is not None else ''})"


def walk(expression: Expression) -> Iterator[Expression]:
    """The node and all below it, in the order of the text as far as nodes keep it."""
    left = [expression]
    while left:
        node = left.pop()
        yield node
        left.extend(reversed(node.children))


def names_in(expression: Expression) -> tuple[Name, ...]:
    """The names that occur, each once, in the order of their first occurrence."""
    return tuple(dict.fromkeys(node for node in walk(expression) if isinstance(node, Name)))


def segments_in(expression: Expression) -> tuple[str, ...]:
    """The segments that occur, each once, in the order of their first occurrence."""
    return tuple(dict.fromkeys(node.segment for node in walk(expression) if isinstance(node, InSegment)))


def past_in(expression: Expression) -> tuple[Past, ...]:
    """The looks back that occur, each once, in the order of their first occurrence."""
    return tuple(dict.fromkeys(node for node in walk(expression) if isinstance(node, Past)))


def quote_text(text: str) -> str:
    """Text as a literal of the language."""
    return "'" + text.replace("'", "''") + "'"


def _type_of(value: object) -> ValueType:
    if value is None:
        return ValueType.NULL
    by_type = {bool: ValueType.BOOLEAN, float: ValueType.NUMBER, str: ValueType.TEXT, date: ValueType.DATE}
    return by_type[type(value)]


def _name_part(part: str) -> str:
    if _PLAIN_NAME.fullmatch(part) and part.lower() not in KEYWORDS:
        return part
    return '"' + part.replace('"', '""') + '"'


def _text(node: Expression, binding: int) -> str:
    return f"({node})" if node.binding < binding else str(node)


def _listed(nodes: tuple[Expression, ...]) -> str:
    return ", ".join(str(node) for node in nodes)


def _not(node: InList | Between | IsNull | Like) -> str:
    return "not " if node.negated else ""
