"""Names and types are checked against the place, and every problem is told."""

from __future__ import annotations

import pytest

from keepwell.definitions.expressions import (
    NameScope,
    ValueType,
    check,
    check_aggregate,
    check_condition,
    parse,
    parse_aggregate,
)

V = ValueType
NAMES = {
    "seats": V.NUMBER, "name": V.TEXT, "active": V.BOOLEAN, "started": V.DATE, "seen": V.TIMESTAMP, "later": V.UNKNOWN,
    "measure.adoption": V.NUMBER,
}  # fmt: skip
ACCOUNT = NameScope("segment 'large'", NAMES, segments=("large", "small"))
ROW = NameScope("a row expression of dataset 'tickets'", NAMES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("seats / 2", V.NUMBER), ("name", V.TEXT), ("seats > 1", V.BOOLEAN), ("as_of", V.DATE), ("null", V.NULL),
        ("coalesce(null, name)", V.TEXT), ("greatest(started, seen)", V.TIMESTAMP), ("nullif(seats, 0)", V.NUMBER),
        ("case when active then started else '2024-01-01' end", V.DATE), ("case seats when 1 then null end", V.NULL),
        ("cast(name as number)", V.NUMBER), ("cast(seats as text)", V.TEXT), ("cast(seen as date)", V.DATE),
        ("started > '2024-01-31'", V.BOOLEAN), ("'2024-01-31' < seen", V.BOOLEAN),
        ("seen > '2024-01-31 09:30'", V.BOOLEAN),
        ("started between '2024-01-01' and as_of", V.BOOLEAN), ("started in ('2024-01-01', null)", V.BOOLEAN),
        ("started < seen", V.BOOLEAN), ("length(name) > 3", V.BOOLEAN), ("starts_with(name, 'a')", V.BOOLEAN),
        ("date_diff('day', started, as_of)", V.NUMBER), ("date_diff('month', '2024-01-01', seen)", V.NUMBER),
        ("date_add('month', -1, as_of)", V.DATE), ("round(seats, -2)", V.NUMBER), ("null + 1", V.NUMBER),
        ("not null", V.BOOLEAN), ("later + 1", V.NUMBER), ("later like 'a%'", V.BOOLEAN),
        ("coalesce(later, 1)", V.NUMBER),
        ("measure.adoption < 50", V.BOOLEAN), ("in_segment('large') or active", V.BOOLEAN),
        ("active = true", V.BOOLEAN),
    ],
)  # fmt: skip
def test_what_fits_has_a_type(text: str, found: ValueType) -> None:
    assert check(parse(text), ACCOUNT) == (found, [])


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("lower(seats)", "number where a text is needed: `seats`; write cast(seats as text)", 6),
        ("seats + name", "text where a number is needed: `name`; write cast(name as number)", 8),
        ("-name", "text where a number is needed: `name`", 1),
        ("started - 1", "date where a number is needed: `started`; days between dates are date_diff", 0),
        ("seen + 1", "timestamp where a number is needed", 0),
        ("not seats", "number where a boolean is needed: `seats`; compare it, as in seats > 0", 4),
        ("active and name", "text where a boolean is needed: `name`; compare it", 11),
        ("case when seats then 1 end", "number where a boolean is needed", 10),
        ("seats = 'a'", "both sides of `=` must be of one type: `seats` is number, `'a'` is text", 8),
        ("name > 1", "both sides of `>` must be of one type", 7),
        ("active > true", "true and false have no order", 0),
        ("active between true and false", "true and false have no order", 0),
        ("greatest(active, true)", "true and false have no order", 0),
        ("seats in (1, 'a')", "the values of `in` must be of one type", 13),
        ("case when active then 1 else 'a' end", "the results of `case` must be of one type", 29),
        ("case name when 1 then 1 end", "the values of `case` must be of one type", 15),
        ("coalesce(seats, 'a')", "the arguments of `coalesce` must be of one type", 16),
        ("started > '2024-02-30'", "'2024-02-30' is not a date (allowed: '2024-01-31'", 10),
        ("started > name", "`name` is text; write cast(name as date)", 10),
        ("date_diff('week', started, as_of)", "the first argument of `date_diff` must be 'day' or 'month'", 10),
        ("date_diff(name, started, as_of)", "must be 'day' or 'month', not `name`", 10),
        ("date_diff('day', name, as_of)", "text where a date is needed: `name`; write cast(name as date)", 17),
        ("date_diff('day', 'soon', as_of)", "'soon' is not a date", 17),
        ("date_add('day', started, as_of)", "date where a number is needed", 16),
        ("round(seats, seats)", "the digits of `round` must be a whole number from -15 to 15", 13),
        ("round(seats, 1.5)", "not `1.5`", 13),
        ("round(seats, 16)", "not `16`", 13),
        ("cast(started as number)", "date cannot be cast to number: `started` (allowed: number, text, boolean)", 5),
        ("cast(seats as date)", "number cannot be cast to date", 5),
        ("cast(started as boolean)", "date cannot be cast to boolean", 5),
        ("name like 5", "number where a text is needed: `5`", 10),
        ("seats like 'a'", "number where a text is needed: `seats`", 0),
        ("in_segment('lagre')", "unknown segment 'lagre' (allowed: large, small)", 0),
        ("measure.adpotion > 1", "unknown name `measure.adpotion` in segment 'large' (allowed: active, later", 0),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(text: str, message: str, offset: int) -> None:
    _, problems = check(parse(text), ACCOUNT)
    assert [problem.offset for problem in problems] == [offset]
    assert message in str(problems[0])


def test_every_problem_is_told_in_the_order_of_the_text() -> None:
    _, problems = check(parse("seets / 2 > nmae and lower(seats) = foo or seets = 1"), ACCOUNT)
    assert [(problem.offset, problem.suggestion) for problem in problems] == [
        (0, "seats"), (12, "name"), (27, None), (36, None), (43, "seats"),
    ]  # fmt: skip


def test_the_place_and_what_it_allows_are_named() -> None:
    _, problems = check(parse("Seats > 1"), ROW)
    assert str(problems[0]) == (
        "unknown name `Seats` in a row expression of dataset 'tickets' (allowed: active, later, measure.adoption, "
        "name, seats, seen, started) (at character 1); did you mean `seats`?"
    )


def test_segments_have_no_meaning_over_rows() -> None:
    _, problems = check(parse("in_segment('large')"), ROW)
    assert "`in_segment` has no meaning in a row expression of dataset 'tickets'" in str(problems[0])


def test_columns_not_known_yet_are_taken_as_of_unknown_type() -> None:
    scope = NameScope("a row expression", {"seats": V.NUMBER}, complete=False)
    assert check(parse("seats + other"), scope) == (V.NUMBER, [])
    assert check(parse("other"), scope) == (V.UNKNOWN, [])


def test_a_condition_must_be_true_or_false() -> None:
    assert check_condition(parse("seats > 1"), ACCOUNT) == []
    assert check_condition(parse("later"), ACCOUNT) == []
    assert check_condition(parse("null"), ACCOUNT) == []
    (problem,) = check_condition(parse("seats"), ACCOUNT)
    assert "number where a boolean is needed" in problem.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("count()", V.NUMBER), ("count(name)", V.NUMBER), ("sum(seats)", V.NUMBER), ("max(started)", V.DATE),
        ("latest(name)", V.TEXT), ("days_active()", V.NUMBER), ("distinct_days(name)", V.NUMBER),
        ("min(later)", V.UNKNOWN),
    ],
)  # fmt: skip
def test_aggregates_have_a_type(text: str, found: ValueType) -> None:
    assert check_aggregate(parse_aggregate(text), ROW) == (found, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sum(name)", "text where a number is needed"), ("max(active)", "`max` does not take true and false"),
        ("count(nothing)", "unknown name `nothing`"), ("avg(started)", "date where a number is needed"),
    ],
)  # fmt: skip
def test_aggregates_are_checked(text: str, message: str) -> None:
    _, problems = check_aggregate(parse_aggregate(text), ROW)
    assert message in str(problems[0])
