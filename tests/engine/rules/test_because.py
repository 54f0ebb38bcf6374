"""Reasons as people read them: on calls, runs, alerts and mails."""

from __future__ import annotations

from typing import Any

import pytest

from keepwell.definitions.expressions import parse
from keepwell.engine.rules.because import because, parts_said, value_words
from keepwell.engine.rules.reasons import Reason
from keepwell.engine.rules.telling import condition_words


def seen(condition: str, name: str, value: Any) -> dict[str, Any]:
    return {"condition": str(parse(condition)), "name": name, "value": value}


def test_a_call_says_why_in_words() -> None:
    assert because(
        [
            seen("stage <> 'onboarding'", "stage", "live"),
            seen("label = 'red'", "label", "red"),
            seen("change_over(score, 28) <= -5", "change_over(score, 28)", -7.512),
            seen("days_in_band >= 3", "days_in_band", 35.0),
        ]
    ) == (
        "stage is not onboarding (live) · label is red · score fell by at least 5 over 28 days (-7.5) · "
        "in its band for at least 3 days (35)"
    )


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("change_over(score, 1) > 0", "score changed by more than 0 over 1 day"),
        ("change_over(score, 7) < -3", "score fell by more than 3 over 7 days"),
        ("change_over(score, 7) >= 3", "score rose by at least 3 over 7 days"),
        ("days_in_stage > 90", "in its stage for more than 90 days"),
        ("days_in_band = 1", "in its band for 1 day"),
        ("days_overdue_milestone >= 7", "a milestone overdue by at least 7 days"),
        ("score < days_in_band", "score is below days in band"),
    ],
)
def test_comparisons_of_days_and_changes_have_their_unit(condition: str, words: str) -> None:
    assert condition_words(parse(condition)) == words


def test_several_names_of_a_part_are_told_apart() -> None:
    parts = [seen("arr > 5 or seats < 2", "arr", 81000.0), seen("arr > 5 or seats < 2", "seats", None)]
    assert because(parts) == "arr is above 5 or seats is below 2 (arr 81,000, seats not known)"


def test_what_does_not_hold_is_said_to_be_so() -> None:
    (one,) = parts_said([Reason("label = 'red'", "label", "green", holds=False)])
    assert (str(one), one.holds) == ("not: label is red (green)", False)


def test_what_no_grammar_reads_is_said_as_it_was_written() -> None:
    assert because([{"condition": "label ~~ 'red", "name": "", "value": None}]) == "label ~~ 'red"
    assert because([]) == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not known"),
        (True, "yes"),
        (0.0312, "0.031"),
        (1234567.0, "1,234,567"),
        ("2026-03-02T00:00:00", "2026-03-02"),
    ],
)
def test_values_read_as_people_write_them(value: Any, words: str) -> None:
    assert value_words(value) == words
