"""Texts of the language for tests: valid ones by strategy, and fragments to break them with."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from keepwell.definitions.expressions import (
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
    Unary,
    ValueType,
    When,
)
from keepwell.definitions.expressions.functions import FUNCTIONS

FRAGMENTS = (
    "select", "from", ";", "--", "/*", "*/", "(", ")", "[", "]", "{", "}", "'", '"', "::", "||", "->", "*", "**", "?",
    "$1",
    ":x", "@", "over", "end", "case", "when", "not", "-", ",", ".", "in", "is", "null", "between", "and", "like", "as",
    "cast", "date", "interval", "\\", "`", "\x00", "\ud800", "\n", "1e", "0x1", "as_of", "=", "==", "<=>", "e'", "n'",
)  # fmt: skip

_names = st.one_of(
    st.sampled_from(["seats", "First Name", "select", "date", "as_of", "end", 'a"b', "größe", "Null", "value", "left"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8),
)
_numbers = st.floats(allow_nan=False, allow_infinity=False)
_SEATS = Name(("seats",))
_texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)

leaves: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Literal, st.one_of(_numbers, _texts, st.booleans(), st.none(), st.dates(date(1, 1, 1)))),
    st.builds(lambda parts: Name(tuple(parts)), st.lists(_names, min_size=1, max_size=4)),
    st.builds(InSegment, _texts),
    st.just(AsOf()),
)


def _functions(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def call(name: str) -> st.SearchStrategy[Expression]:
        spec = FUNCTIONS[name]
        arguments = st.lists(inner, min_size=spec.fewest, max_size=spec.most or 4)
        return st.builds(lambda found: Function(name, tuple(found)), arguments)

    return st.sampled_from(sorted(FUNCTIONS)).flatmap(call)


def _is_number(node: Expression) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, float)


def _nodes(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    signs = st.sampled_from(["+", "-", "*", "/", "%", "=", "<>", "<", "<=", ">", ">=", "and", "or"])
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    whens = st.lists(st.builds(When, inner, inner), min_size=1, max_size=2).map(tuple)
    types = st.sampled_from([ValueType.NUMBER, ValueType.TEXT, ValueType.BOOLEAN, ValueType.DATE])
    not_a_number = inner.map(lambda node: _SEATS if _is_number(node) else node)
    not_a_test = inner.map(lambda node: _SEATS if isinstance(node, InList | Between | IsNull | Like) else node)
    return st.one_of(
        st.builds(Binary, signs, inner, inner),
        st.builds(Unary, st.just("-"), not_a_number),
        st.builds(Unary, st.just("not"), not_a_test),
        st.builds(Between, inner, inner, inner, st.booleans()),
        st.builds(InList, inner, some, st.booleans()),
        st.builds(IsNull, inner, st.booleans()),
        st.builds(Like, inner, inner, st.booleans(), st.booleans()),
        st.builds(Case, st.none() | inner, whens, st.none() | inner),
        st.builds(Cast, inner, types),
        _functions(inner),
    )


expressions: st.SearchStrategy[Expression] = st.recursive(leaves, _nodes, max_leaves=12)
