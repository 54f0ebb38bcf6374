"""The expression language: SQL scalar expressions, parsed to a syntax tree of our own and checked against names.

`parse` and `parse_aggregate` read text; `str` writes it back in canonical form; `check` finds unknown names and types
that do not fit. Compiling to Ibis is `keepwell.engine.metrics.compile`.
"""

from keepwell.definitions.expressions.check import NameScope, check, check_aggregate, check_condition
from keepwell.definitions.expressions.faults import may_fault
from keepwell.definitions.expressions.nodes import (
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
    When,
    names_in,
    past_in,
    segments_in,
    walk,
)
from keepwell.definitions.expressions.parse import parse, parse_aggregate
from keepwell.definitions.expressions.problems import ExpressionError, Problem
from keepwell.definitions.expressions.types import ValueType

__all__ = [
    "Aggregate",
    "AsOf",
    "Between",
    "Binary",
    "Case",
    "Cast",
    "Expression",
    "ExpressionError",
    "Function",
    "InList",
    "InSegment",
    "IsNull",
    "Like",
    "Literal",
    "Name",
    "NameScope",
    "Past",
    "Problem",
    "Unary",
    "ValueType",
    "When",
    "check",
    "check_aggregate",
    "check_condition",
    "may_fault",
    "names_in",
    "parse",
    "parse_aggregate",
    "past_in",
    "segments_in",
    "walk",
]
