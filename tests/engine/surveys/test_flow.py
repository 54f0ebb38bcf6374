"""The way through a survey, and the reading of what is sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.engine.surveys.answering import read_answer
from keepwell.engine.surveys.flow import answer_values, next_step, ordered_choices
from keepwell.engine.surveys.words import WORDS, direction, said
from tests.engine.surveys.asking import made, survey

FULL = {
    "recommend": 3.0, "easy": None, "why": "other", "details": "slow", "features": ("api",),
    "parts": {"search": "good"}, "stars": 9.0, "satisfied": 4.0,
}  # fmt: skip


def asked(answers: dict[str, Any]) -> list[str]:
    return [one.name for one in next_step(survey(), answers).questions]


def test_pages_end_where_branching_reads_them() -> None:
    assert asked({}) == ["recommend", "easy"]
    assert asked({"recommend": 3.0, "easy": 5.0}) == ["why"]
    assert asked({"recommend": 9.0, "easy": 5.0}) == ["features"]
    assert asked({"recommend": 9.0, "easy": 5.0, "features": ("api",)}) == ["order", "parts"]
    assert asked({"recommend": 3.0, "easy": 5.0, "why": "price"}) == ["features"]


def test_a_survey_ends_early_or_at_its_end() -> None:
    ended = next_step(survey(), {**FULL, "parts": {"search": "bad"}})
    assert ended.finished
    assert "stars" not in ended.answers
    step = next_step(survey(), FULL)
    assert step.finished
    assert step.progress == 1
    assert step.answers == FULL


def test_answers_beside_the_way_do_not_count() -> None:
    step = next_step(survey(), {**FULL, "recommend": 10.0})
    assert "why" not in step.answers
    assert "details" not in step.answers
    assert [one.name for one in step.questions] == ["order"]


def test_a_page_has_so_many_questions_at_most() -> None:
    three = made({"name": "a", "kind": "nps"}, {"name": "b", "kind": "nps"}, {"name": "c", "kind": "nps"}, per_page=2)
    assert [one.name for one in next_step(three, {}).questions] == ["a", "b"]
    assert [one.name for one in next_step(three, {"a": 1.0, "b": None}).questions] == ["c"]


@settings(deadline=None)
@pytest.mark.slow
@given(st.permutations(list(FULL.items())), st.integers(0, len(FULL)))
def test_the_order_of_answers_makes_no_difference_and_progress_never_falls(items: list[Any], some: int) -> None:
    assert next_step(survey(), dict(items)) == next_step(survey(), FULL)
    shares = [next_step(survey(), dict(items[:count])).progress for count in range(len(items) + 1)]
    assert shares == sorted(shares)


def question(name: str) -> Any:
    return survey().question(name)


@pytest.mark.parametrize(
    ("name", "sent", "answer"),
    [
        ("recommend", "10", 10.0),
        ("recommend", 0, 0.0),
        ("easy", "", None),
        ("why", "price", "price"),
        ("why", ["price"], "price"),
        ("features", ["reports", "api"], ("api", "reports")),
        ("features", "api", ("api",)),
        ("features", [], None),
        ("order", ["looks", "speed"], ("looks", "speed")),
        ("order", {"looks": "2", "speed": "1"}, ("speed", "looks")),
        ("parts", {"help": "bad", "search": ""}, {"help": "bad"}),
        ("details", " 😀 <b>\r\n", "😀 <b>"),
        ("details", "   ", None),
    ],
)
def test_what_is_sent_is_read(name: str, sent: object, answer: object) -> None:
    read = read_answer(question(name), sent, "en")
    assert (read.answer, read.problem) == (answer, None)


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [
        ("recommend", "", "Please answer this question."),
        ("recommend", "11", "Please choose a number from 0 to 10."),
        ("recommend", "7.5", "from 0 to 10"),
        ("recommend", True, "from 0 to 10"),
        ("recommend", "nan", "from 0 to 10"),
        ("recommend", 10**400, "from 0 to 10"),
        ("recommend", {"a": 1}, "from 0 to 10"),
        ("stars", "0", "from 1 to 10"),
        ("why", "prize", "choose from the answers shown"),
        ("why", {"price": "x"}, "choose from the answers shown"),
        ("features", ["api", "reports", "boards"], "at most 2"),
        ("features", [["api"]], "choose from"),
        ("order", ["looks"], "put 2 in order"),
        ("order", ["looks", "looks"], "put 2 in order"),
        ("order", {"looks": "1", "speed": "1"}, "put 2 in order"),
        ("order", {"looks": "x", "speed": "1"}, "put 2 in order"),
        ("parts", {"search": "great"}, "choose from"),
        ("parts", "good", "choose from"),
        ("details", "x" * 21, "at most 20 characters; these are 21"),
        ("details", 5, "write a text"),
    ],
)
def test_what_is_no_answer_is_said_in_words(name: str, sent: object, words: str) -> None:
    read = read_answer(question(name), sent, "en")
    assert read.answer is None
    assert words in (read.problem or "")


def test_words_are_in_the_language_of_the_respondent() -> None:
    assert read_answer(question("recommend"), "", "de-AT").problem == "Bitte beantworten Sie diese Frage."
    assert read_answer(question("recommend"), "", "fi").problem == "Please answer this question."
    assert direction("ar-EG") == "rtl"


def test_every_language_says_everything_with_the_same_values() -> None:
    values = {"low": 1, "high": 2, "count": 3, "most": 4, "row": "R"}
    for language, words in WORDS.items():
        assert words.keys() == WORDS["en"].keys(), language
        for word in words:
            same = [one for one in ("{low}", "{high}", "{count}", "{most}", "{row}") if one in WORDS["en"][word]]
            assert all(one in words[word] for one in same), (language, word)
            assert "{" not in said(word, language, **values)


def test_a_random_order_is_kept_for_a_person_and_differs_between_people() -> None:
    orders = {tuple(one.value for one in ordered_choices(question("why"), f"p{key}")) for key in range(20)}
    assert orders == {("price", "support", "other"), ("support", "price", "other")}
    assert ordered_choices(question("why"), "p1") == ordered_choices(question("why"), "p1")
    assert [one.value for one in ordered_choices(question("features"), "p1")] == ["api", "reports", "boards"]


def test_answers_have_the_names_that_expressions_use() -> None:
    assert answer_values(question("features"), ("api",)) == {
        "features.api": True, "features.reports": False, "features.boards": False,
    }  # fmt: skip
    assert answer_values(question("order"), ("looks", "speed")) == {"order.looks": 1.0, "order.speed": 2.0}
    assert answer_values(question("parts"), {"help": "bad"}) == {"parts.help": "bad"}
    assert answer_values(question("easy"), None) == {}
