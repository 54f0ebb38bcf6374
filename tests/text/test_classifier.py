from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from keepwell.errors import DataRefused
from keepwell.text.classifier import UNKNOWN, Floats, judge, labels_of


@dataclass
class Says:
    """A classifier that gives what it was told to, and remembers what it was asked."""

    given: list[list[float]]
    name: str = "says"
    version: str = "1"
    asked: list[str] = field(default_factory=list)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        self.asked.extend(texts)
        return np.array(self.given)


def test_texts_without_content_are_not_asked_about() -> None:
    classifier = Says([[0.1, 0.2, 0.7]])
    found = judge(classifier, [None, "  fine ", ""])
    assert classifier.asked == ["fine"]
    assert found.words() == [None, "positive", None]
    np.testing.assert_allclose(found.scores, [np.nan, 0.6, np.nan])


def test_a_row_of_nothing_is_a_text_that_cannot_be_judged() -> None:
    assert judge(Says([[np.nan] * 3, [0.5, 0.3, 0.2]]), ["a", "b"]).labels.tolist() == [UNKNOWN, 0]


def test_emphasis_leans_labels_and_leaves_probabilities() -> None:
    classifier = Says([[0.5, 0.3, 0.2]])
    classifier.emphasis = (1.0, 2.0, 1.0)  # type: ignore[attr-defined]
    found = judge(classifier, ["a"])
    assert found.words() == ["neutral"]
    assert found.probabilities.tolist() == [[0.5, 0.3, 0.2]]


def test_of_equal_probabilities_neutral_wins() -> None:
    thirds = np.full((1, 3), 1 / 3)
    assert labels_of(thirds, np.ones(3)).tolist() == [1]
    assert labels_of(np.array([[0.5, 0.0, 0.5]]), np.ones(3)).tolist() == [0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([[0.5, 0.5]], r"\(1, 2\) for 1 texts"),
        ([[0.5, 0.5, 0.5]], "do not sum to 1"),
        ([[-0.5, 1.0, 0.5]], "negative"),
        ([[np.nan, 0.5, 0.5]], "all NaN"),
    ],
)
def test_an_answer_of_the_wrong_form_is_refused(given: list[list[float]], told: str) -> None:
    with pytest.raises(DataRefused, match=told):
        judge(Says(given), ["a"])
