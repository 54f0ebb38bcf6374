from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from keepwell.text.own.figures import Told, auc, compare, figures, macro_f1


def _texts(number: int, seed: int) -> tuple[np.ndarray, Told]:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, number)
    return truth, Told(np.round(random.normal(truth, 1), 1), random.integers(0, 3, number))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_figures_agree_with_scikit_learn(seed: int) -> None:
    truth, told = _texts(80, seed)
    decided = truth != 1
    found = figures(truth, told)
    assert found.auc == pytest.approx(roc_auc_score(truth[decided] == 2, told.scores[decided]), abs=1e-12)
    assert found.macro_f1 == pytest.approx(f1_score(truth, told.labels, average="macro"), abs=1e-12)


def test_weights_count_as_copies_of_texts() -> None:
    truth, told = _texts(30, 1)
    weights = np.random.default_rng(2).integers(0, 4, 30)
    at = np.repeat(np.arange(30), weights)
    column, once = weights[:, None].astype(float), np.ones((len(at), 1))
    np.testing.assert_allclose(auc(truth, told.scores, column), auc(truth[at], told.scores[at], once))
    np.testing.assert_allclose(macro_f1(truth, told.labels, column), macro_f1(truth[at], told.labels[at], once))


def test_without_both_kinds_there_is_no_auc() -> None:
    assert figures(np.array([0, 1]), Told(np.array([0.1, 0.2]), np.array([0, 1]))).auc is None


def test_a_classifier_is_not_better_than_itself() -> None:
    truth, told = _texts(60, 3)
    found = compare(truth, told, told, seed=0)
    assert (found.auc.value, found.auc.low, found.auc.high) == (0, 0, 0)
    assert not found.is_better


def test_one_that_knows_the_truth_is_better() -> None:
    truth, told = _texts(60, 3)
    found = compare(truth, Told(truth.astype(float), truth), told, seed=0)
    assert found.is_better
    assert found.auc.low < found.auc.value < found.auc.high
