"""The classifier that ships: VADER (Hutto and Gilbert 2014) with the words of our field, offline, for English.

Its compound score c becomes probabilities proportional to exp(-3c), exp(0.15), exp(3c). The band of neutral is the one
VADER's authors state, |c| < 0.05. They are orderly and smooth; they are not calibrated to any team's texts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import version as version_of

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from keepwell.text.classifier import Floats
from keepwell.text.field_words import FIELD_WORDS
from keepwell.text.language import language_of

STEEPNESS = 3.0
NEUTRAL_BELOW = 0.05


class Lexicon:
    """Knows English and emoji. A text that is told to be in another language cannot be judged."""

    name = "lexicon"

    def __init__(self, field_words: dict[str, float] | None = None) -> None:
        self._field_words = FIELD_WORDS if field_words is None else field_words
        self._analyzer = SentimentIntensityAnalyzer()
        for word, valence in self._field_words.items():
            self._analyzer.lexicon.setdefault(word, valence)

    @cached_property
    def version(self) -> str:
        made_of = [version_of("vaderSentiment"), self._field_words, STEEPNESS, NEUTRAL_BELOW]
        return sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:12]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        return probabilities_of(self.compound(texts))

    def compound(self, texts: Sequence[str]) -> Floats:
        """[n] VADER's score from -1 to 1; NaN for a text in another language."""
        return np.array([self._one(text) for text in texts], np.float64).reshape(len(texts))

    def _one(self, text: str) -> float:
        if language_of(text) not in ("en", None):
            return float("nan")
        return float(self._analyzer.polarity_scores(text)["compound"])


def probabilities_of(compound: Floats) -> Floats:
    """[n, 3] from scores from -1 to 1."""
    middle = np.full_like(compound, NEUTRAL_BELOW)
    shares = np.exp(STEEPNESS * np.stack([-compound, middle, compound], axis=1))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


@cache
def lexicon() -> Lexicon:
    """One for the process: reading the lexicon takes some 40 ms."""
    return Lexicon()
