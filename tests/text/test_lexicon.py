from __future__ import annotations

import time

import numpy as np
import pytest

from keepwell.text.classifier import judge
from keepwell.text.lexicon import Lexicon, lexicon, probabilities_of


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("Great support, thank you", "positive"),
        ("Not good at all", "negative"),
        ("The meeting is on Tuesday", "neutral"),
        ("It is slow, and we are still waiting", "negative"),
        ("Setup was quick and smooth", "positive"),
        ("😀😀", "positive"),
        ("😡", "negative"),
        ("", None),
        ("   ", None),
        (None, None),
        ("Leider ist die Hilfe nicht sehr gut", None),
        ("服务很好", None),
    ],
)
def test_what_the_lexicon_says(text: str | None, sentiment: str | None) -> None:
    assert judge(lexicon(), [text]).words() == [sentiment]


def test_the_words_of_the_field_make_the_difference() -> None:
    text = ["Intermittent downtime"]
    assert judge(Lexicon({}), text).words() == ["neutral"]
    assert judge(lexicon(), text).words() == ["negative"]


def test_the_field_changes_no_word_that_vader_knows() -> None:
    assert judge(Lexicon({"great": -4.0}), ["great"]).words() == ["positive"]


def test_other_words_are_another_version() -> None:
    assert Lexicon({}).version != lexicon().version == Lexicon().version


def test_probabilities_sum_to_one_rise_with_the_score_and_keep_vaders_band() -> None:
    compound = np.linspace(-1, 1, 201)
    found = probabilities_of(compound)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
    assert (np.diff(found[:, 2]) > 0).all()
    assert (found[np.abs(compound) < 0.0499].argmax(axis=1) == 1).all()
    assert (found[np.abs(compound) > 0.0501].argmax(axis=1) != 1).all()


@pytest.mark.slow
def test_a_huge_text_takes_no_longer_than_a_long_one() -> None:
    started = time.process_time()
    judge(lexicon(), ["very good service but not great " * 100_000])
    assert time.process_time() - started < 1
