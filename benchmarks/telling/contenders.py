"""Ways of telling sentiments: each learns from some texts, or does not, and then tells of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from telling.verbatims import Verbatims

from keepwell.text.classifier import UNKNOWN, Classifier, judge
from keepwell.text.lexicon import Lexicon, lexicon
from keepwell.text.own.figures import Told
from keepwell.text.own.scales import SCALES
from keepwell.text.own.training import train

Tell = Callable[[Sequence[str]], Told]


@dataclass(frozen=True)
class Contender:
    name: str
    learn: Callable[[Verbatims], Tell]


def _majority(learned: Verbatims) -> Tell:
    commonest = int(np.bincount(learned.labels, minlength=3).argmax())
    return lambda texts: Told(np.zeros(len(texts)), np.full(len(texts), commonest))


def _vader(_: Verbatims) -> Tell:
    """As its authors state it, without anything of ours around it."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()

    def tell(texts: Sequence[str]) -> Told:
        compound = np.array([analyzer.polarity_scores(text)["compound"] for text in texts])
        return Told(compound, np.where(compound >= 0.05, 2, np.where(compound <= -0.05, 0, 1)))

    return tell


def _tfidf(learned: Verbatims) -> Tell:
    """What one would write in ten minutes: words and pairs of words, logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = make_pipeline(words, LogisticRegression(C=10, class_weight="balanced", max_iter=1000))
    model.fit(learned.texts, learned.labels)

    def tell(texts: Sequence[str]) -> Told:
        found = model.predict_proba(texts)
        return Told(found[:, 2] - found[:, 0], found.argmax(axis=1))

    return tell


def _by(classifier: Classifier) -> Tell:
    def tell(texts: Sequence[str]) -> Told:
        found = judge(classifier, texts)
        return Told(np.nan_to_num(found.scores), np.where(found.labels == UNKNOWN, 1, found.labels))

    return tell


def _own(number: int | None) -> Callable[[Verbatims], Tell]:
    def learn(learned: Verbatims) -> Tell:
        texts = learned if number is None else learned.drawn(number, seed=0)
        return _by(train(texts.texts, texts.scores, SCALES["nps"]).classifier)

    return learn


CONTENDERS = (
    Contender("majority", _majority),
    Contender("VADER alone", _vader),
    Contender("lexicon without the words of the field", lambda _: _by(Lexicon({}))),
    Contender("lexicon (ships)", lambda _: _by(lexicon())),
    Contender("TF-IDF and logistic regression", _tfidf),
    Contender("own texts, 250 of them", _own(250)),
    Contender("own texts, 500 of them", _own(500)),
    Contender("own texts", _own(None)),
)
