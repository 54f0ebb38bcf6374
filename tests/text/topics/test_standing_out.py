from __future__ import annotations

import pytest

from keepwell.errors import RequestRefused
from keepwell.text.topics.phrases import phrases
from keepwell.text.topics.standing_out import lift, standing_out, strength

TEXTS = (
    ["The login page is slow"] * 4 + ["login failed"] * 2 + ["Lovely support team"] * 5 + ["The invoice is late"] * 3
)
GROUPS = ["negative"] * 6 + ["positive"] * 5 + ["negative"] * 3


def test_phrases_begin_and_end_with_words_that_tell() -> None:
    assert phrases("The speed of the login page in 2024") == {
        "speed", "login", "page", "login page",
    }  # fmt: skip


def test_stop_words_are_those_of_the_texts_language() -> None:
    assert "die" not in phrases("Leider ist die Rechnung nicht da und wir warten")
    assert "rechnung" in phrases("Leider ist die Rechnung nicht da und wir warten")


def test_scripts_without_blanks_have_phrases_too() -> None:
    assert "服务" in phrases("服务很好")


def test_what_a_group_says_more_often_stands_out() -> None:
    found = standing_out(TEXTS, GROUPS)
    assert [one.phrase for one in found["positive"]] == ["lovely support team"]
    first = found["negative"][0]
    assert (first.phrase, first.texts, first.of, first.elsewhere, first.of_elsewhere) == ("login", 6, 9, 0, 5)
    assert first.lift == pytest.approx(6.5 / 10 * 6 / 0.5)


def test_phrases_of_few_texts_are_not_shown() -> None:
    named = {one.phrase for group in standing_out(TEXTS, GROUPS).values() for one in group}
    assert "login failed" not in named
    assert "login failed" in {one.phrase for one in standing_out(TEXTS, GROUPS, least=2)["negative"]}


def test_the_order_of_texts_changes_nothing() -> None:
    assert standing_out(TEXTS[::-1], GROUPS[::-1]) == standing_out(TEXTS, GROUPS)


def test_a_text_counts_once_however_often_it_says_a_word() -> None:
    (found,) = standing_out(["slow slow slow"] + ["slow"] * 2, ["all"] * 3)["all"]
    assert (found.phrase, found.texts) == ("slow", 3)


def test_no_texts_and_empty_texts() -> None:
    assert standing_out([], []) == {}
    assert standing_out([None, ""], ["a", "a"]) == {"a": ()}


@pytest.mark.slow
def test_what_is_as_frequent_elsewhere_has_no_lift_and_no_strength() -> None:
    assert lift(5, 10, 5, 10) == 1
    assert strength(5, 10, 5, 10) == pytest.approx(0)
    assert strength(1, 10, 9, 10) < 0 < strength(9, 10, 1, 10)


@pytest.mark.slow
def test_each_text_needs_a_group() -> None:
    with pytest.raises(RequestRefused, match="1 texts and 2 groups"):
        standing_out(["a"], ["x", "y"])
