from __future__ import annotations

import numpy as np

from keepwell.text.own.folding import FOLDS, folds


def test_texts_with_the_same_words_are_held_out_together() -> None:
    texts = ["Good service", "good  SERVICE"] * 20 + [f"text {number}" for number in range(60)]
    found = folds(texts, np.tile([0, 1], 50), seed=4)
    assert len(set(found[:40])) == 1
    assert set(found) == set(range(FOLDS))


def test_sentiments_are_spread_evenly() -> None:
    labels = np.repeat([0, 1, 2], [50, 15, 35])
    found = folds([f"text {number}" for number in range(100)], labels, seed=0)
    for one in range(3):
        numbers = np.bincount(found[labels == one], minlength=FOLDS)
        assert numbers.max() - numbers.min() <= 1
