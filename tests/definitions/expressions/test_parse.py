"""What the language has, and what it refuses by name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date

import pytest

from keepwell.definitions.expressions import (
    Aggregate,
    AsOf,
    Between,
    Binary,
    Case,
    Cast,
    ExpressionError,
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
    may_fault,
    names_in,
    parse,
    parse_aggregate,
    segments_in,
)
from keepwell.definitions.expressions.functions import AGGREGATES, FUNCTIONS
from keepwell.errors import InputError

A, B, C = Name(("a",)), Name(("b",)), Name(("c",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a / b", Binary("/", A, B)),
        ("a + b * c", Binary("+", A, Binary("*", B, C))),
        ("a - b - c", Binary("-", Binary("-", A, B), C)),
        ("a or b and c", Binary("or", A, Binary("and", B, C))),
        ("not a and b", Binary("and", Unary("not", A), B)),
        ("not a = b", Unary("not", Binary("=", A, B))),
        ("-a * b", Binary("*", Unary("-", A), B)),
        ("a % 2", Binary("%", A, Literal(2.0))),
        ("a != b", Binary("<>", A, B)),
        ("1.5", Literal(1.5)),
        ("-1.5", Literal(-1.5)),
        ("'it''s'", Literal("it's")),
        (r"'a\b'", Literal("a\\b")),
        ("TRUE", Literal(True)),
        ("null", Literal(None)),
        ("date '2024-02-29'", Literal(date(2024, 2, 29))),
        ("measure.adoption", Name(("measure", "adoption"))),
        ('"First Name"', Name(("First Name",))),
        ("Seats", Name(("Seats",))),
        ("order", Name(("order",))),
        ("as_of", AsOf()),
        ("a in (1, b)", InList(A, (Literal(1.0), B))),
        ("a not in (1)", InList(A, (Literal(1.0),), negated=True)),
        ("a between 1 and b", Between(A, Literal(1.0), B)),
        ("a not between 1 and b", Between(A, Literal(1.0), B, negated=True)),
        ("a is null", IsNull(A)),
        ("a is not null", IsNull(A, negated=True)),
        ("a like 'x%'", Like(A, Literal("x%"))),
        ("a not ilike b", Like(A, B, ignore_case=True, negated=True)),
        ("case when a then 1 else b end", Case(None, (When(A, Literal(1.0)),), B)),
        ("case a when 1 then b end", Case(A, (When(Literal(1.0), B),), None)),
        ("cast(a as double)", Cast(A, ValueType.NUMBER)),
        ("cast(a as VARCHAR)", Cast(A, ValueType.TEXT)),
        ("cast(a as bool)", Cast(A, ValueType.BOOLEAN)),
        ("cast(a as date)", Cast(A, ValueType.DATE)),
        ("LOWER(a)", Function("lower", (A,))),
        ("log10(a)", Function("log10", (A,))),
        ("date_diff('day', a, as_of)", Function("date_diff", (Literal("day"), A, AsOf()))),
        ("date_add('month', 1, a)", Function("date_add", (Literal("month"), Literal(1.0), A))),
        ("in_segment('large')", InSegment("large")),
        (" \n a\t", A),
    ],
)
def test_every_construct(text: str, expected: object) -> None:
    assert parse(text) == expected


def test_every_function_of_the_table_parses() -> None:
    for spec in FUNCTIONS.values():
        arguments = tuple(Name((f"x{index}",)) for index in range(spec.fewest))
        assert parse(f"{spec.name}({', '.join(map(str, arguments))})") == Function(spec.name, arguments)


REFUSED = [
    ("select 1", "`select` is not part of the expression language: queries are not allowed", 0),
    ("(select a from b)", "`select` is not part", 1),
    ("a in (select 1)", "`select` is not part", 6),
    ("drop table x", "`drop` is not part of the expression language: statements are not allowed", 0),
    ("a; drop table x", "`;` is not part", 1),
    ("a; b", "`;` is not part", 1),
    ("a -- b", "comments are not allowed", 2),
    ("a /* b */", "comments are not allowed", 2),
    ("a::int", "`::` is not part of the expression language: write cast(x as type)", 1),
    ("a || b", "`||` is not part", 2),
    ("a[1]", "`[` is not part", 1),
    ("{'a': 1}", "`{` is not part", 0),
    ("a -> 'b'", "`->` is not part", 2),
    ("a ->> 'b'", "`->>` is not part", 2),
    ("a ^ 2", "`^` is not part of the expression language: write power(x, y)", 2),
    ("a ** 2", "`**` is not part of the expression language: write power(x, y)", 2),
    ("a == b", "`==` is not part of the expression language: write =", 2),
    ("!a", "`!` is not part of the expression language: write not", 0),
    ("a & b", "`&` is not part", 2),
    ("a << b", "`<<` is not part", None),
    ("a <=> b", "`<=>` is not part", 2),
    ("$1", "`$1` is not part", 0),
    ("?", "`?` is not part", 0),
    (":a", "`:` is not part", 0),
    ("@a", "`@` is not part", 0),
    ("`a`", "is not part", 0),
    ("*", "`*` cannot stand for all columns", None),
    ("a.*", "`.` cannot stand here", 1),
    ("a.lower(c)", "`lower` cannot be called on a name", 2),
    (".5", "write 0.5 for .5", 0),
    ("1e999", "too large", 0),
    ("1_000", "`_000` cannot follow `1`", 1),
    ("0x1F", "`x1F` cannot follow `0`", 1),
    ("n'a'", "`n'a'` is not part", 0),
    ("e'a'", "`a` cannot follow `e`", 1),
    ("a b", "`b` cannot follow `a`; an operator is missing", 2),
    ("a as b", "cannot be read at `b`", 5),
    ("a like 'b' escape '!'", "`escape` is not part of the expression language: like has no escape character", 11),
    ("interval '1 day'", "`interval` is not part", 0),
    ("timestamp '2024-01-01'", "`timestamp` is not part", 0),
    ("date '2024-02-30'", "'2024-02-30' is not a date", None),
    ("a is true", "after `is` only null or not null", None),
    ("a is distinct from b", "`distinct` is not part", 5),
    ("(a, b)", "`(a, b)` is not part", None),
    ("a in b", "`in` takes a list of values in brackets", None),
    ("a in ()", "`in` takes a list of values in brackets", None),
    ("abs(a) over (order by b)", "`over` is not part of the expression language: window functions are not allowed", 7),
    ("sum(a)", "`sum` is an aggregate; aggregates stand only under `aggregate`", 0),
    ("a > max(b, c)", "the larger of two values is greatest(x, y)", 4),
    ("now()", "`now` is not a function of the expression language; write as_of", 0),
    ("if(a, b, c)", "write case when", 0),
    ("exists(select 1)", "queries are not allowed", 0),
    ("cast(a as integer)", "there is no cast to whole numbers", 10),
    ("cast(a as json)", "cannot cast to `json` (allowed: number, text, boolean, date)", 10),
    ("cast(a as timestamp)", "cannot cast to `timestamp`", 10),
    ("cast(a as decimal(3, 2))", "`decimal` is not a function", 10),
    ("cast(a)", "expected `as` and a type in `cast`", 6),
    ("try_cast(a as number)", "`try_cast` is not a function", 0),
    ("trim(both 'x' from a)", "cannot follow `both`", 10),
    ("in_segment(a)", "`in_segment` takes the name of one segment in quotes", 0),
    ("abs()", "`abs` takes 1 argument, 0 given", 0),
    ("abs(a, b)", "`abs` takes 1 argument, 2 given", 0),
    ("round(a, 1, 2)", "`round` takes 1 or 2 arguments, 3 given", 0),
    ("coalesce()", "`coalesce` takes at least 1 argument, 0 given", 0),
    ("as_of()", "`as_of` is not a function", 0),
    ("(a", "`(` is not closed", 0),
    ("a)", "`)` closes nothing", 1),
    ("case when a then b", "`case` is not closed", 0),
    ("end", "`end` closes nothing", 0),
    ("case end", "cannot be read", None),
    ("a and", "cannot be read at `and`", 2),
    ("a is", "cannot be read at `is`", 2),
    ("'a", "is not closed", None),
    ('"a', "is not closed", None),
    ('""', "is not a name", 0),
    ("", "the expression is empty", None),
    (" \n", "the expression is empty", None),
    ("a = '\x00'", "is not allowed", 5),
    ("a = '\ud800'", "is not allowed", 5),
    ("f(a)", "`f` is not a function", 0),
    ("abs(a => 1)", "`=>` is not part", 6),
    ("a := 1", "`:=` is not part", 2),
]


@pytest.mark.parametrize(("text", "message", "offset"), REFUSED, ids=[repr(text) for text, _, _ in REFUSED])
def test_everything_else_is_refused_by_name(text: str, message: str, offset: int | None) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert message in str(refusal.value)
    if offset is not None:
        assert refusal.value.offset == offset
    assert isinstance(refusal.value, InputError)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("celi(a)", "ceil"), ("ceiling(a)", "ceil"), ("substr(a)", None), ("ifnull(a, b)", "coalesce"),
        ("len(a)", "length"),
        ("startswith(a, b)", "starts_with"), ("DATEDIFF('day', a, b)", "date_diff"), ("pow(a, 2)", "power"),
        ("grestest(a, b)", "greatest"), ("cast(a as nubmer)", "number"), ("xyzzy(a)", None),
    ],
)  # fmt: skip
def test_the_nearest_function_is_suggested(text: str, suggestion: str | None) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert refusal.value.suggestion == suggestion
    if suggestion:
        assert f"did you mean `{suggestion}`?" in str(refusal.value)


def _nested(before: str, inner: str, after: str = "") -> Callable[[int], str]:
    return lambda depth: before * depth + inner + after * depth


NESTED = {
    "brackets": _nested("(", "a", ")"),
    "not": _nested("not ", "a"),
    "minus": _nested("- ", "a"),
    "functions": _nested("abs(", "1", ")"),
    "case": _nested("case when a then ", "1", " end"),
    "lists": _nested("a in (", "b", ")"),
    "sums": lambda depth: " + ".join(["a"] * (depth + 1)),
    "or": lambda depth: " or ".join(["a"] * (depth + 1)),
}


@pytest.mark.parametrize("name", NESTED)
def test_a_hundred_levels_are_allowed_and_no_more(name: str) -> None:
    expression = parse(NESTED[name](100))
    assert parse(str(expression)) == expression
    with pytest.raises(ExpressionError, match="nested deeper than 100 levels"):
        parse(NESTED[name](101))


@pytest.mark.slow
@pytest.mark.parametrize("name", NESTED)
def test_however_deep_a_text_it_is_refused(name: str) -> None:
    limit = sys.getrecursionlimit()
    for depth in (500, 1400, 100_000):
        with pytest.raises(ExpressionError):
            parse(NESTED[name](depth))
    assert sys.getrecursionlimit() == limit


def test_a_long_text_is_refused_unread() -> None:
    assert parse("'" + "a" * 9_998 + "'") == Literal("a" * 9_998)
    with pytest.raises(ExpressionError, match="at most 10000 characters, this one has 10000000"):
        parse("(" * 10_000_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count()", Aggregate("count")),
        ("COUNT(a)", Aggregate("count", A)),
        ("count_distinct(a)", Aggregate("count_distinct", A)),
        ("sum(a * b)", Aggregate("sum", Binary("*", A, B))),
        ("median(a)", Aggregate("median", A)),
        ("latest(a)", Aggregate("latest", A)),
        ("days_active()", Aggregate("days_active")),
        ("days_since_latest()", Aggregate("days_since_latest")),
    ],
)
def test_aggregates(text: str, expected: Aggregate) -> None:
    assert parse_aggregate(text) == expected
    assert parse_aggregate(str(expected)) == expected


def test_every_aggregate_of_the_table_parses() -> None:
    for spec in AGGREGATES.values():
        argument = None if spec.argument is None else A
        assert parse_aggregate(str(Aggregate(spec.name, argument))) == Aggregate(spec.name, argument)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("count(*)", "write count() to count rows"),
        ("count(distinct a)", "write count_distinct(x)"),
        ("sum()", "`sum(x)` takes one argument, none was given"),
        ("sum(a, b)", "`sum(x)` takes one argument, 2 were given"),
        ("days_active(a)", "`days_active()` takes no argument"),
        ("sum(a) + 1", "an aggregate is expected here"),
        ("a", "an aggregate is expected here"),
        ("abs(a)", "an aggregate is expected here"),
        ("sum(max(a))", "the aggregate `max` cannot stand inside an expression"),
        ("mean(a)", "did you mean `avg`?"),
        ("last(a)", "did you mean `latest`?"),
        ("sum(a) over ()", "window functions are not allowed"),
        ("sum(a) filter (where b)", "write the condition under `where`"),
        ("", "the expression is empty"),
    ],
)
def test_other_aggregates_are_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse_aggregate(text)
    assert message in str(refusal.value)


def test_names_and_segments_are_found_once_each_in_order() -> None:
    expression = parse("case when b > a then in_segment('x') else c.d = b and in_segment('y') or in_segment('x') end")
    assert names_in(expression) == (B, A, Name(("c", "d")))
    assert segments_in(expression) == ("x", "y")


def test_literals_of_different_types_differ() -> None:
    assert parse("1") != parse("true")
    assert parse("'1'") != parse("1")
    assert len({parse("1"), parse("true"), parse("1.0")}) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a / b", True), ("a / 2", False), ("a / 0.1", True), ("a % 2", False), ("a % b", True),
         ("a + b", True), ("ln(a)", True), ("cast(a as number)", True), ("-a", False),
        ("a > 2 and lower(b) = 'x'", False), ("round(a, 2)", False), ("date_add('day', 1, a)", True),
    ],
)  # fmt: skip
def test_which_expressions_may_fault(text: str, expected: bool) -> None:
    assert may_fault(parse(text)) is expected
