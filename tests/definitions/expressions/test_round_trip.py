"""The canonical text of an expression means that expression, and no text does worse than being refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keepwell.definitions.expressions import ExpressionError, parse, parse_aggregate
from keepwell.definitions.expressions.nodes import Expression
from tests.definitions.expressions.texts import FRAGMENTS, expressions


@pytest.mark.slow
@given(expressions)
def test_the_canonical_text_parses_to_an_equal_expression(expression: Expression) -> None:
    assert parse(str(expression)) == expression
    assert str(parse(str(expression))) == str(expression)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("A/ B", "A / B"),
        ("a != B", "a <> B"),
        ("NOT x IN (1,2)", "x not in (1, 2)"),
        ("Cast(a AS Varchar)", "cast(a as text)"),
        ("COALESCE(a,0)", "coalesce(a, 0)"),
        ("((a))", "a"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a - b) - c", "a - b - c"),
        ("a = (not b)", "a = (not b)"),
        ("not a = b", "not a = b"),
        ("(not a) = b", "(not a) = b"),
        ("-(-a)", "-(-a)"),
        ("- 1", "-1"),
        ("-(1)", "-1"),
        ("-a % 2", "-a % 2"),
        ("+a", "a"),
        ("5.", "5"),
        ("1E3", "1000"),
        ("1e300", "1e+300"),
        ("DATE '2024-01-31'", "date '2024-01-31'"),
        ('"a b"."c"', '"a b".c'),
        ('"date"', '"date"'),
        ("date", '"date"'),
        ("AS_OF", "as_of"),
        ('"as_of"', '"as_of"'),
        ("x.as_of", 'x."as_of"'),
        ("'it''s'", "'it''s'"),
        ("CASE WHEN a THEN 1 END", "case when a then 1 end"),
        ("IN_SEGMENT('x')", "in_segment('x')"),
        ("a is not null is null", "(a is not null) is null"),
    ],
)
def test_canonical_texts(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical


@pytest.mark.slow
@given(st.text(max_size=60))
@example("a--1")
@example("case a end")
@example("a is")
@example("a as b")
@example("date")
@example("date date")
@example("(a,b)")
@example("a in b")
@example("x is null in (true)")
@example("cast(a as decimal(3,2))")
@example("'\ud800'")
@example("1e999")
@example("\u0661")
def test_any_text_parses_or_is_refused(text: str) -> None:
    _parses_or_is_refused(text)


@pytest.mark.slow
@given(expressions, st.data())
def test_a_broken_expression_parses_or_is_refused(expression: Expression, data: st.DataObject) -> None:
    text = str(expression)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 4)))
        text = text[:start] + data.draw(st.sampled_from((*FRAGMENTS, ""))) + text[end:]
    _parses_or_is_refused(text)


def _parses_or_is_refused(text: str) -> None:
    for read in (parse, parse_aggregate):
        found = _result(read, text)
        if isinstance(found, ExpressionError):
            assert found.message
            assert found.offset is None or 0 <= found.offset <= len(text)
        else:
            assert read(str(found)) == found


def _result(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except ExpressionError as error:
        return error
