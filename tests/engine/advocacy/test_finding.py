"""Free words become a condition and nothing is guessed; whom to ask first has its reasons."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions.expressions import parse
from keepwell.engine.advocacy.ranking import Traits, rank
from keepwell.engine.advocacy.understanding import Understood, Vocabulary, understand

DAY = date(2026, 10, 31)
KNOWN = Vocabulary(
    values={"industry": ["FinTech", "Health care", "O'Neill"], "country": ["DE", "US"]},
    numbers={"seats": "seats", "Employees in total": "Employees in total"},
    segments={"large": "Large customers"},
    kinds={"reference_call": "Reference call"},
    languages=["German"],
    topics=["single sign-on"],
)


def heard(text: str) -> Understood:
    return understand(text, KNOWN, DAY)


def test_the_question_of_a_seller_is_understood() -> None:
    found = heard("Who can speak to a fintech of 500 seats next week?")
    assert found.condition == "seats between 250 and 1000 and industry = 'FinTech'"
    assert [one.words for one in found.parts] == ["500 seats", "fintech"]
    assert (found.day, found.left) == (date(2026, 11, 7), ())


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("review in german", "contains(languages, 'german')"),
        ("about Single Sign-On", "contains(topics, 'single sign-on')"),
        ("DE or US, seats 1,200", "seats between 600 and 2400 and country in ('DE', 'US')"),
        ("2k seats", "seats between 1000 and 4000"),
        ("o'neill", "industry = 'O''Neill'"),
        ("large customers", "in_segment('large')"),
        ("10 employees in total", '"Employees in total" between 5 and 20'),
    ],
)  # fmt: skip
def test_values_sizes_and_segments_are_known_by_their_names(text: str, condition: str) -> None:
    found = heard(text)
    assert found.condition == condition
    assert str(parse(found.condition))


def test_words_that_name_nothing_are_told_back() -> None:
    assert heard("somebody cheerful in mining").left == ("cheerful", "mining")
    assert heard("somebody cheerful").condition == ""
    assert heard("an index of deals").left == ("index", "deals")  # no DE inside of words
    assert heard("reference calls tomorrow").kind == "reference_call"


@given(st.text(max_size=80))
def test_whatever_is_typed_gives_a_condition_that_can_be_read(text: str) -> None:
    found = understand(f"{text} fintech 500 seats", KNOWN, DAY)
    if found.condition:
        parse(found.condition)


def test_whom_to_ask_first_has_its_reasons_and_who_may_not_be_asked_comes_last() -> None:
    best = rank(Traits(True, "good", 3, "Reference call", None))
    assert best.points == 100
    assert best.reasons == (
        "an advocate",
        "the account is healthy",
        "did a reference call 3 times",
        "was never asked",
    )
    tired = rank(Traits(True, "good", 3, "Reference call", 73.0))
    new = rank(Traits(False, "bad", 0, "Reference call", 0.0))
    blocked = rank(Traits(True, "good", 3, "Reference call", None, ["rests"]))
    assert (tired.points, new.points) == (84, 0)
    assert sorted([blocked, new, best, tired], key=lambda one: one.order) == [best, tired, new, blocked]
