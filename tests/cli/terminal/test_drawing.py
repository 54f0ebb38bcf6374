"""Bars, sparklines, marks and numbers."""

from __future__ import annotations

import math
from datetime import date

import pytest
from rich.text import Text

from keepwell.cli.terminal.bands import band_at, mark
from keepwell.cli.terminal.bars import bar, stack, step
from keepwell.cli.terminal.glyphs import ASCII, UNICODE
from keepwell.cli.terminal.numbers import compact, distance, percent, plain, signed
from keepwell.cli.terminal.sparklines import sparkline
from keepwell.cli.terminal.wording import counted, joined, printable
from keepwell.definitions.schemes import Band, Scheme

SCHEME = Scheme(bands=(Band(label="red", up_to=50), Band(label="green", up_to=100)))


@pytest.mark.parametrize(
    ("value", "drawn"),
    [(0, "····"), (0.01, "▏···"), (25, "█···"), (50, "██··"), (62.5, "██▌·"), (100, "████"), (120, "████")],
)
def test_a_bar_begins_at_zero(value: float, drawn: str) -> None:
    assert bar(UNICODE, value, 4).plain == drawn


@pytest.mark.parametrize("missing", [None, math.nan])
def test_no_value_is_no_bar(missing: float | None) -> None:
    assert bar(UNICODE, missing, 4).plain == "    "


def test_ascii_draws_as_wide_as_unicode() -> None:
    for value in (0, 1, 33, 100):
        assert len(bar(ASCII, value, 10).plain) == len(bar(UNICODE, value, 10).plain) == 10
        assert bar(ASCII, value, 10).plain.isascii()


def test_a_step_of_a_waterfall_lies_where_it_happens() -> None:
    assert step(UNICODE, 25, 75, 8).plain == "  ████  "
    assert step(UNICODE, 75, 25, 8).plain == "  ████  "
    assert step(UNICODE, 50, 50.1, 8).plain.count("█") == 1
    assert step(UNICODE, 50, 50, 8).plain.strip() == ""


def test_a_stack_fills_its_width() -> None:
    assert len(stack(UNICODE, [(1, "red"), (1, "green"), (1, "blue")], 10).plain) == 10


def test_a_sparkline_has_gaps_and_ends_with_the_last_value() -> None:
    line = sparkline(UNICODE, [0, math.nan, 50, 100], 10, lambda _: "")
    assert line.plain == "▁ ▅█"
    many = sparkline(UNICODE, [0.0] * 103 + [100.0], 26, lambda _: "")
    assert (len(many.plain), many.plain[-1], many.plain[-2]) == (26, "█", "▁")


def test_a_band_holds_its_upper_edge() -> None:
    assert [band_at(SCHEME, score) for score in (0, 50, 50.1, 100)] == [0, 0, 1, 1]
    assert band_at(SCHEME, None) is band_at(Scheme(), 10) is None


def test_a_mark_has_a_shape_beside_its_label() -> None:
    assert [mark(UNICODE, SCHEME, label).plain for label in ("red", "green", "unknown")] == [
        "▼ red",
        "● green",
        "○ unknown",
    ]
    assert mark(ASCII, SCHEME, "red").plain == "v red"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (950, "950"),
        (999.6, "1.00k"),
        (48_240, "48.2k"),
        (999_999, "1.00M"),
        (1.25e6, "1.25M"),
        (math.nan, "–"),
    ],
)
def test_money_in_three_digits(value: float, shown: str) -> None:
    assert compact(value) == shown


def test_numbers_with_units_and_signs() -> None:
    assert plain(8.654, "hours") == "8.65 hours"
    assert plain(-12.5, "%") == "-12.5%"
    assert plain(-0.0) == "0"
    assert percent(0.245) == "24%"
    assert [signed(UNICODE, value) for value in (3.4, -3.4, 0.2, math.nan)] == ["+3", "−3", "0", ""]


def test_dates_lie_where_one_would_say() -> None:
    today = date(2026, 10, 31)
    assert distance(date(2026, 11, 1), today) == "in 1 day"
    assert distance(date(2026, 8, 1), today) == "3 months ago"
    assert distance(today, today) == "today"


def test_words() -> None:
    assert counted(1, "account") == "1 account"
    assert counted(1200, "reply", "replies") == "1,200 replies"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined([]) == ""


def test_nothing_printed_can_drive_the_terminal() -> None:
    shown = printable("a\x1b[31mb\r\nc\u202ed" + "x" * 5_000)
    assert shown.startswith("a\\x1b[31mb  c\\u202ed")
    assert len(shown) < 1_100
    assert Text(shown).plain == shown
