"""The one table of functions and aggregates: parsing, checking, the docs and compiling all read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from keepwell.definitions.expressions.types import ValueType


class Kind(Enum):
    """What an argument must be."""

    NUMBER = auto()
    TEXT = auto()
    DAY = auto()  # a date, or a timestamp of which the day counts
    SAME = auto()  # any type, the same for all arguments of this kind
    ANY = auto()
    ORDERED = auto()  # number, text, date or timestamp; the same for all arguments of this kind
    UNIT = auto()  # the literal 'day' or 'month'
    DIGITS = auto()  # a whole number, written out, from -15 to 15


UNITS = ("day", "month")
MOST_DIGITS = 15


@dataclass(frozen=True)
class FunctionSpec:
    """One function. `result` None: the type of its SAME or ORDERED arguments. `repeats`: more of the last argument.

    `faults` says when the result is null for another reason than a null argument, which a run counts in its warnings.
    """

    name: str
    arguments: tuple[Kind, ...]
    result: ValueType | None
    doc: str
    nulls: str = "null where an argument is null"
    faults: str = ""
    optional: int = 0
    repeats: bool = False

    @property
    def fewest(self) -> int:
        return len(self.arguments) - self.optional

    @property
    def most(self) -> int | None:
        return None if self.repeats else len(self.arguments)

    def kind_of(self, index: int) -> Kind:
        """What the argument at `index` must be."""
        return self.arguments[min(index, len(self.arguments) - 1)]


_N, _T, _B, _D = ValueType.NUMBER, ValueType.TEXT, ValueType.BOOLEAN, ValueType.DATE

_FUNCTIONS = (
    FunctionSpec(
        "coalesce", (Kind.SAME,), None, "The first argument that is not null", "null where all are", repeats=True
    ),
    FunctionSpec(
        "nullif", (Kind.SAME, Kind.SAME), None, "Null where both are equal, else the first",
        "the first where the second is null",
    ),
    FunctionSpec("greatest", (Kind.ORDERED,), None, "The largest argument", "nulls are ignored", repeats=True),
    FunctionSpec("least", (Kind.ORDERED,), None, "The smallest argument", "nulls are ignored", repeats=True),
    FunctionSpec("abs", (Kind.NUMBER,), _N, "The number without its sign"),
    FunctionSpec(
        "round", (Kind.NUMBER, Kind.DIGITS), _N,
        "Rounded, halves away from zero; with digits, round(x * 10^digits) / 10^digits in float64", optional=1,
    ),
    FunctionSpec("floor", (Kind.NUMBER,), _N, "The largest whole number that is not above"),
    FunctionSpec("ceil", (Kind.NUMBER,), _N, "The smallest whole number that is not below"),
    FunctionSpec("ln", (Kind.NUMBER,), _N, "The natural logarithm", faults="at or below 0"),
    FunctionSpec("log10", (Kind.NUMBER,), _N, "The logarithm to base 10", faults="at or below 0"),
    FunctionSpec("exp", (Kind.NUMBER,), _N, "e to the power of the number", faults="on overflow"),
    FunctionSpec("sqrt", (Kind.NUMBER,), _N, "The square root", faults="below 0"),
    FunctionSpec(
        "power", (Kind.NUMBER, Kind.NUMBER), _N, "The first to the power of the second; power(0, 0) is 1",
        faults="of 0 to a negative power, of a negative number to a power that is not whole, on overflow",
    ),
    FunctionSpec("lower", (Kind.TEXT,), _T, "In lower case"),
    FunctionSpec("upper", (Kind.TEXT,), _T, "In upper case"),
    FunctionSpec("trim", (Kind.TEXT,), _T, "Without the spaces at both ends"),
    FunctionSpec("length", (Kind.TEXT,), _N, "How many characters (code points)"),
    FunctionSpec("starts_with", (Kind.TEXT, Kind.TEXT), _B, "Whether the first begins with the second"),
    FunctionSpec("contains", (Kind.TEXT, Kind.TEXT), _B, "Whether the second occurs in the first"),
    FunctionSpec(
        "date_diff", (Kind.UNIT, Kind.DAY, Kind.DAY), _N,
        "From the first to the second: 'day' counts calendar days, 'month' the starts of months crossed",
    ),
    FunctionSpec(
        "date_add", (Kind.UNIT, Kind.NUMBER, Kind.DAY), _D,
        "So many days or months later; a fraction is cut off, and a day that the month lacks becomes its last",
        faults="outside the years 1 to 9999",
    ),
)  # fmt: skip

FUNCTIONS: Mapping[str, FunctionSpec] = {spec.name: spec for spec in _FUNCTIONS}

SPECIAL_FUNCTIONS: Mapping[str, str] = {
    "cast": "cast(x as number | text | boolean | date): null where the value cannot be read so",
    "in_segment": "in_segment('name'): whether the account is in the segment; never null",
    "value_before": "value_before(name, days): the value as it was so many days before; only in rules and stages",
    "change_over": "change_over(name, days): what a number has changed by since then; only in rules and stages",
}
"""Functions with a grammar of their own."""

PAST = frozenset({"value_before", "change_over"})
"""Functions that look back, at most `MOST_DAYS_BACK` days."""

MOST_DAYS_BACK = 3660


@dataclass(frozen=True)
class AggregateSpec:
    """One aggregate. `argument` None: it takes none. `result` None: the type of its argument."""

    name: str
    argument: Kind | None
    result: ValueType | None
    doc: str
    optional: bool = False


_AGGREGATES = (
    AggregateSpec("count", Kind.ANY, _N, "How many rows; with an argument, those where it is not null", optional=True),
    AggregateSpec("count_distinct", Kind.ANY, _N, "How many different values"),
    AggregateSpec("sum", Kind.NUMBER, _N, "The sum"),
    AggregateSpec("avg", Kind.NUMBER, _N, "The mean"),
    AggregateSpec("min", Kind.ORDERED, None, "The smallest value"),
    AggregateSpec("max", Kind.ORDERED, None, "The largest value"),
    AggregateSpec("median", Kind.NUMBER, _N, "The median"),
    AggregateSpec("latest", Kind.ANY, None, "The value of the latest row that has one"),
    AggregateSpec("earliest", Kind.ANY, None, "The value of the earliest row that has one"),
    AggregateSpec("days_active", None, _N, "How many different days have a row"),
    AggregateSpec(
        "distinct_days",
        Kind.ANY,
        _N,
        "The days of each value, added up: pairs of a value and a day, each once, such as person days",
    ),
    AggregateSpec("days_since_latest", None, _N, "Days from the latest row to the as-of date"),
)

AGGREGATES: Mapping[str, AggregateSpec] = {spec.name: spec for spec in _AGGREGATES}
