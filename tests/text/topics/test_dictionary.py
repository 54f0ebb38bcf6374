from __future__ import annotations

import time

import pytest
from pydantic import ValidationError

from keepwell.definitions.topics import Topic
from keepwell.errors import RequestRefused
from keepwell.text.topics.counting import topic_counts
from keepwell.text.topics.dictionary import Topics, is_in


@pytest.mark.parametrize(
    ("phrase", "text", "occurs"),
    [
        ("invoice", "My INVOICE, please", True),
        ("invoice", "My invoices", False),
        ("invoice*", "My invoices", True),
        ("*load", "It will not upload", True),
        ("*load", "loading", False),
        ("log in", "I cannot log  in.", True),
        ("log in", "log me in", False),
        ("log ... in", "log me quickly in", True),
        ("log ... in", "log a b c d e f in", False),
        ("don't", "I don’t know", True),
        ("c++", "We use C++ here", True),
        ("straße", "STRASSE", True),
        ("发票", "我的发票有错", True),
        ("a.b", "axb", False),
    ],
)
def test_where_a_phrase_occurs(phrase: str, text: str, occurs: bool) -> None:
    assert is_in(Topic(phrases=(phrase,)), text) is occurs


def test_what_does_not_count_is_taken_out_first() -> None:
    topic = Topic(phrases=("credit",), but_not=("credit note*",))
    assert not is_in(topic, "a credit note")
    assert is_in(topic, "a credit note for our credit")


@pytest.mark.parametrize(
    "phrase", ["", " a", "a  b", "*", "a*b", "... a", "a ...", "a ... ... b", "a ... b ... c ... d"]
)
def test_what_is_no_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(ValidationError, match=r"phrase|between two words"):
        Topic(phrases=(phrase,))


def test_no_text_takes_a_topic_long() -> None:
    topic = Topic(phrases=("a* ... a* ... b", "*a*"))
    started = time.process_time()
    is_in(topic, "a " * 2000 + "a" * 1000)
    assert time.process_time() - started < 1


TOPICS = Topics.model_validate(
    {"topics": {"billing": {"phrases": ["invoice*", "charged"]}, "speed": {"title": "Speed", "phrases": ["slow*"]}}}
)


def test_a_text_may_speak_of_several_topics_or_of_none() -> None:
    assert TOPICS.of(["slow invoices", "hello", None]).tolist() == [[True, True], [False, False], [False, False]]
    assert TOPICS.of([]).shape == (0, 2)


def test_topics_are_counted_by_group() -> None:
    found = topic_counts(TOPICS, ["slow", "slow invoice", "fine", "charged"], ["bad", "bad", "good", "good"])
    billing, speed = found["bad"]
    assert (billing.topic, billing.texts, billing.of, billing.elsewhere, billing.of_elsewhere) == (
        "billing",
        1,
        2,
        1,
        2,
    )
    assert billing.lift == 1
    assert (speed.texts, speed.elsewhere) == (2, 0)
    assert speed.lift == pytest.approx(5)


@pytest.mark.slow
def test_each_text_needs_a_group() -> None:
    with pytest.raises(RequestRefused, match="1 texts and 0 groups"):
        topic_counts(TOPICS, ["a"], [])
