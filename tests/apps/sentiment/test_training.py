"""A classifier of the team's own is trained from what was said of texts, and judges once it is better."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account
from keepwell.apps.sentiment import sources, sweeping
from keepwell.apps.sentiment.in_use import in_use, model_path
from keepwell.apps.sentiment.judging import judge_news
from keepwell.apps.sentiment.models import Judgement, Training
from keepwell.apps.sentiment.sources import Source, Text, register_source, texts_came
from keepwell.apps.sentiment.training import train_own
from tests.apps.scored import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

AT = datetime(2026, 1, 1, tzinfo=UTC)
_WORDS = {
    "negative": "lahm kaputt teuer spät falsch verloren",
    "neutral": "termin rechnung liste seite datei frage",
    "positive": "klasse prima flott sauber hilfreich gern",
}


class Comments:
    """A source as an app keeps one; its writers use words that no lexicon knows."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self._random = np.random.default_rng(5)

    def add(self, count: int, *, at: datetime = AT, noise: float = 0.1, swapped: bool = False) -> None:
        for _ in range(count):
            word = str(self._random.choice(list(_WORDS)))
            says = str(self._random.choice(list(_WORDS))) if self._random.random() < noise else word
            text = " ".join(self._random.choice(_WORDS[says].split(), 3))
            truth = {"negative": "positive", "positive": "negative"}.get(word, word) if swapped else word
            number = f"{len(self.texts):05}"
            self.texts.append(Text(number, "acme", text, at, at, truth=truth))

    def read(self, ids: Collection[str]) -> Sequence[Text]:
        return [one for one in self.texts if one.id in ids]

    def page(self, after: str, most: int) -> Sequence[Text]:
        return [one for one in self.texts if one.id > after][:most]


@pytest.fixture
def comments(company: Account, monkeypatch: pytest.MonkeyPatch) -> Comments:
    kept = Comments()
    monkeypatch.setattr(sources, "_SOURCES", {**sources._SOURCES})
    register_source(Source("comment", "Comments", kept.read, kept.page))
    return kept


def test_too_few_texts_are_told_and_the_lexicon_stays(comments: Comments) -> None:
    comments.add(20)
    row = train_own()
    assert row is not None
    assert not row.is_used
    assert "there are 20 texts with a score" in row.verdict
    assert in_use().name == "lexicon"
    assert train_own() is None


def test_one_that_is_better_judges_from_then_on(comments: Comments, data_dir: Path) -> None:
    comments.add(240)
    texts_came("comment", ["00000", "00001", "00002"])
    judge_news()
    assert set(Judgement.objects.values_list("classifier", flat=True)) == {"lexicon"}
    while sweeping.sweep():
        pass
    row = train_own()
    assert row is not None
    assert row.is_used, row.verdict
    assert row.figures["own"]["auc"] > 0.8 > row.figures["default"]["auc"]
    assert [one.name for one in model_path(row.file).parent.iterdir()] == [row.file]
    assert in_use().name == "own"
    while sweeping.sweep():
        pass
    assert set(Judgement.objects.values_list("classifier", flat=True)) == {"own"}
    told = {one.id: one.truth for one in comments.texts}
    right = [one.word == told[one.text_id] for one in Judgement.objects.all()]
    assert np.mean(right) > 0.8
    publish(actor=System("tests"), files={**FILES, "keepwell.yaml": "sentiment: {classifier: lexicon}\n"}, note="No")
    assert in_use().name == "lexicon"


def test_one_that_is_worse_than_the_one_in_use_does_not_take_its_place(comments: Comments) -> None:
    comments.add(240)
    first = train_own()
    assert first is not None
    assert first.is_used
    comments.add(30, at=datetime.now(UTC) + timedelta(minutes=1))
    second = train_own()
    assert second is not None
    assert second.figures["in_use"] is not None
    better = second.figures["in_use"]["auc"]["value"] >= 0 and second.figures["in_use"]["macro_f1"]["value"] >= -0.01
    assert second.is_used is better
    assert in_use().classifier.version == (second if better else first).version
    comments.add(300, noise=1.0, at=datetime.now(UTC) - timedelta(days=9))
    third = train_own()
    assert third is not None
    assert not third.is_used
    assert "stays" in third.verdict


def test_one_whose_file_is_gone_is_trained_again(comments: Comments) -> None:
    comments.add(240)
    first = train_own()
    assert first is not None
    assert train_own() is None
    model_path(first.file).unlink()
    second = train_own()
    assert second is not None
    assert second.is_used
    assert second.version == first.version
    assert in_use().name == "own"


def test_a_file_that_is_gone_is_told_and_the_lexicon_judges(comments: Comments) -> None:
    Training.objects.create(verdict="", is_used=True, file="own-gone.npz")
    using = in_use()
    assert using.name == "lexicon"
    assert "there is no classifier at" in using.problem
    publish(actor=System("tests"), files={**FILES, "keepwell.yaml": "sentiment: {classifier: lexicom}\n"}, note="No")
    assert "did you mean 'lexicon'?" in in_use().problem
