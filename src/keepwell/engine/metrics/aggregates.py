"""Each aggregate in Ibis: over rows at once, as partials by a column's value, and folded from partials.

Distinct days within a window are kept as bits of 60-day words (DuckDB), which is several times cheaper than a distinct
count and folds by bitwise or.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from keepwell.definitions.expressions import Aggregate
from keepwell.engine.metrics.extremes import largest, smallest
from keepwell.engine.metrics.facts import AGE
from keepwell.engine.metrics.plan import MOST_DAYS_IN_BITS, Request
from keepwell.engine.metrics.visible import DAY

_WORD = 60
FOLDABLE = frozenset({"count", "sum", "min", "max", "count_distinct", "days_since_latest"})
FOLDABLE_WITH_BITS = FOLDABLE | {"days_active"}

Condition: TypeAlias = ir.BooleanValue | None
_EXTREMES: dict[str, Callable[[ir.Value, str, Condition], ir.Value]] = {"min": smallest, "max": largest}


@ibis.udf.scalar.builtin(name="bit_count", signature=(("int64",), "int64"))
def _bit_count(word): ...  # type: ignore[no-untyped-def]


def foldable_on(dialect: str) -> frozenset[str]:
    """The aggregates that a backend can fold from partials."""
    return FOLDABLE_WITH_BITS if dialect == "duckdb" else FOLDABLE


def all_of(*conditions: Condition) -> Condition:
    """All conditions together; None where there is none."""
    known = [condition for condition in conditions if condition is not None]
    if not known:
        return None
    joined = known[0]
    for condition in known[1:]:
        joined = joined & condition
    return joined


def enters(argument: ir.Value | None, condition: Condition) -> Condition:
    """Whether a row enters the aggregate: its condition holds and its argument is not null."""
    return all_of(condition, argument.notnull() if argument is not None else None)


def aggregate_value(
    facts: ir.Table,
    aggregate: Aggregate,
    argument: ir.Value | None,
    condition: Condition,
    window: int | None,
    dialect: str,
) -> ir.Value:
    """The aggregate over the rows for which `condition` holds; null where nothing entered, but counts are 0."""
    if aggregate.function == "days_active":
        return _days_active(facts, condition, window, dialect)
    if aggregate.function == "days_since_latest":
        return facts[AGE].min(where=condition).cast("float64")
    if aggregate.function == "count" and argument is None:
        return facts.count(where=condition)
    assert argument is not None
    if aggregate.function == "distinct_days":
        return _distinct_days(facts, argument, condition, dialect)
    if aggregate.function in _EXTREMES:
        return _EXTREMES[aggregate.function](argument, dialect, condition)
    return _OVER_ARGUMENT[aggregate.function](argument, condition)


def _only(argument: ir.Value, condition: Condition) -> ir.Value:
    """The value of the one row that ranks first."""
    return argument.any(where=condition) if isinstance(argument, ir.BooleanValue) else argument.max(where=condition)


_OVER_ARGUMENT: dict[str, Callable[[ir.Value, Condition], ir.Value]] = {
    "count": lambda argument, condition: argument.count(where=condition),
    "count_distinct": lambda argument, condition: argument.nunique(where=condition),
    "sum": lambda argument, condition: _number(argument).sum(where=condition),
    "avg": lambda argument, condition: argument.cast("float64").mean(where=condition),
    "median": lambda argument, condition: argument.cast("float64").quantile(0.5, where=condition),
    "latest": _only,
    "earliest": _only,
}


def _number(argument: ir.Value) -> ir.NumericValue:
    """Whole numbers are summed exactly; everything else as float64."""
    return argument if isinstance(argument.type(), dt.Integer) else argument.cast("float64")


def _days_active(facts: ir.Table, condition: Condition, window: int | None, dialect: str) -> ir.Value:
    words = _words(window, dialect)
    if not words:
        return facts[DAY].nunique(where=condition)
    return _sum_of([_bit_count(_bits(facts, index, condition)) for index in range(words)])


def _distinct_days(facts: ir.Table, argument: ir.Value, condition: Condition, dialect: str) -> ir.Value:
    """Pairs of day and value, each once; as texts where a backend has no cheap pair. Nulls do not count."""
    known = enters(argument, condition)
    if dialect == "duckdb":
        return ibis.struct({"day": facts[DAY], "value": argument}).nunique(where=known)
    return (facts[DAY].cast("string") + ibis.literal("/") + argument.cast("string")).nunique(where=known)


def _words(window: int | None, dialect: str) -> int:
    """So many 60-day words hold the window; 0 where days are counted without bits."""
    if window is None or dialect != "duckdb" or window > MOST_DAYS_IN_BITS:
        return 0
    return -(-window // _WORD)


def _bits(facts: ir.Table, index: int, condition: Condition) -> ir.IntegerValue:
    """The days of one word: bit n is set where a row of age n (from the word's first day on) meets the condition."""
    age = facts[AGE] - index * _WORD if index else facts[AGE]
    inside = age.between(0, _WORD - 1)
    bit = ibis.literal(1, type="int64") << age.cast("int64")
    return ibis.ifelse(inside, bit, ibis.null("int64")).bit_or(where=condition).fill_null(0)


def _sum_of(parts: list[ir.Value]) -> ir.Value:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def partial_values(
    facts: ir.Table,
    request: Request,
    argument: ir.Value | None,
    condition: Condition,
    dialect: str,
) -> dict[str, ir.Value]:
    """The columns of a partial, by the name of the request; words of days stand as name_0, name_1, ..."""
    if request.aggregate.function == "days_active" and (words := _words(request.window, dialect)):
        return {f"{request.name}_{index}": _bits(facts, index, condition) for index in range(words)}
    value = aggregate_value(facts, request.aggregate, argument, condition, request.window, dialect)
    return {request.name: value}


def fold_value(
    small: ir.Table, partial: str, request: Request, condition: Condition, distinct: ir.Value | None, dialect: str
) -> ir.Value:
    """A request from its partial: of the one group for which `condition` holds, or over all groups."""
    function = request.aggregate.function
    if function == "days_active" and request.window and _words(request.window, dialect):
        return _folded_days(small, partial, request.window, condition)
    if condition is not None:  # not a filtered maximum, which takes longer
        return ibis.ifelse(condition, small[partial], ibis.null(small[partial].type())).max()
    if function == "count_distinct":
        assert distinct is not None
        return (_seen(small, partial, request.window) & distinct.notnull()).sum()
    column = small[partial]
    if function in _EXTREMES:
        return _EXTREMES[function](column, dialect, None)
    return column.min() if function == "days_since_latest" else column.sum()


def _folded_days(small: ir.Table, partial: str, window: int, condition: Condition) -> ir.Value:
    """Days of the last `window` days, from words that may reach further back."""
    words = range(-(-window // _WORD))
    of_all = [small[f"{partial}_{index}"].bit_or(where=condition).fill_null(0) for index in words]
    return _sum_of([_bit_count(_recent(word, index, window)) for index, word in enumerate(of_all)])


def _seen(small: ir.Table, partial: str, window: int | None) -> ir.BooleanValue:
    """Whether a group has rows of the last `window` days: from words of days, days since the latest row, or rows."""
    if window is None:
        return small[partial] > 0
    if partial in small.columns:
        return small[partial] < window
    words = [_recent(small[f"{partial}_{index}"], index, window) for index in range(-(-window // _WORD))]
    seen = words[0] != 0
    for word in words[1:]:
        seen = seen | (word != 0)
    return seen


def _recent(word: ir.IntegerValue, index: int, window: int) -> ir.IntegerValue:
    """The days of a word that lie within the window."""
    inside = window - index * _WORD
    return word if inside >= _WORD else word & ibis.literal((1 << inside) - 1, type="int64")
