from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from keepwell.errors import DataRefused, RequestRefused
from keepwell.text.classifier import judge
from keepwell.text.own.counting import counted
from keepwell.text.own.fitting import STRENGTH, _design, fit
from keepwell.text.own.scales import SCALES
from keepwell.text.own.storing import from_bytes, load, save, to_bytes, versioned
from keepwell.text.own.training import Trained, _linear, train
from tests.text.own.writing import written

NPS = SCALES["nps"]


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train(*written(240), NPS, seed=3)


@pytest.mark.slow
def test_what_it_learns_it_tells_of_texts_it_never_saw(trained: Trained) -> None:
    texts, scores = written(200, seed=9)
    assert (judge(trained.classifier, texts).labels == NPS.labels(scores)).mean() > 0.95
    assert trained.comparison.own.macro_f1 > 0.9 > trained.comparison.default.macro_f1
    assert trained.chosen is trained.classifier
    assert "It is used." in trained.to_words()


@pytest.mark.slow
def test_where_words_tell_nothing_the_one_that_ships_stays() -> None:
    found = train(*written(240, seed=1, telling=False), NPS)
    assert found.chosen.name == "lexicon"
    assert "stays in use" in found.to_words()


@pytest.mark.slow
def test_held_out_probabilities_are_as_often_right_as_they_say(trained: Trained) -> None:
    texts, scores = written(2000, seed=11)
    found = judge(trained.classifier, texts).probabilities
    truth = NPS.labels(scores)
    for one in range(3):
        assert found[:, one].mean() == pytest.approx((truth == one).mean(), abs=0.06)


@pytest.mark.slow
def test_the_same_texts_and_seed_give_the_same_bytes(trained: Trained) -> None:
    assert to_bytes(train(*written(240), NPS, seed=3).classifier) == to_bytes(trained.classifier)


@pytest.mark.slow
def test_the_stored_one_predicts_as_the_trained(trained: Trained, tmp_path: Path) -> None:
    save(trained.classifier, tmp_path / "own.npz")
    stored = load(tmp_path / "own.npz")
    texts = [*written(50, seed=5)[0], "Great, thank you", "Leider nicht", "😀", "?!"]
    assert abs(stored.probabilities(texts) - trained.classifier.probabilities(texts)).max() <= 1e-12
    assert (stored.version, stored.told["texts"]) == (trained.classifier.version, list(trained.texts))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["own.npz"]


@pytest.mark.slow
def test_prediction_agrees_with_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    texts, scores = written(160)
    labels, everything, rows = NPS.labels(scores), counted(texts), np.arange(160)
    fitted = fit(everything, rows, labels)
    design = _design(everything, rows, fitted.kept)
    theirs = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000, tol=1e-6).fit(design, labels)
    ours = _linear(everything, fitted, np.ones(3), {})
    assert abs(ours.probabilities(texts) - theirs.predict_proba(design)).max() <= 1e-12


@pytest.mark.slow
def test_words_of_one_text_alone_are_not_stored() -> None:
    texts, scores = written(200)
    texts[0] += " Rumpelstiltskin"
    stored = to_bytes(train(texts, scores, NPS).classifier)
    names = {name for block in from_bytes(stored).blocks for name in block.names}
    assert "worda" in names
    assert not any("rumpel" in name for name in names)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _: b"PK nonsense", "no classifier that Keepwell stored"),
        (lambda stored: stored[:-200], "no classifier that Keepwell stored"),
    ],
)
def test_a_file_that_is_no_classifier_is_refused(trained: Trained, change, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataRefused, match=told):
        from_bytes(change(to_bytes(trained.classifier)))


@pytest.mark.slow
def test_a_changed_one_and_one_beside_another_lexicon_are_refused(trained: Trained) -> None:
    changed = replace(trained.classifier, intercepts=trained.classifier.intercepts + 1)
    with pytest.raises(DataRefused, match="was changed after it was stored"):
        from_bytes(to_bytes(changed))
    with pytest.raises(DataRefused, match="was trained beside lexicon older"):
        from_bytes(to_bytes(versioned(replace(trained.classifier, lexicon_version="older"))))


def test_a_pickle_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "own.npz"
    np.savez(path, header=np.array([print], dtype=object))
    with pytest.raises(DataRefused, match="no classifier that Keepwell stored"):
        load(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="there is no classifier at"):
        load(tmp_path / "own.npz")


def test_too_few_texts_are_refused_in_words() -> None:
    texts, scores = written(40)
    with pytest.raises(RequestRefused, match=r"there are 40 texts .* needs 150, and 15 of each sentiment"):
        train(texts, scores, NPS)


def test_texts_without_content_or_score_do_not_count() -> None:
    texts, scores = written(200)
    with pytest.raises(RequestRefused, match="there are 100 texts with a score"):
        train([*texts[:150], *[" "] * 50], [None] * 50 + scores[50:], NPS)


def test_texts_and_scores_must_be_as_many() -> None:
    with pytest.raises(RequestRefused, match="2 texts and 1 scores"):
        train(["a", "b"], [1], NPS)
