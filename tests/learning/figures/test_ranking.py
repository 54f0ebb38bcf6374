"""AUC, average precision and lift against references by another road."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from keepwell.learning.figures.ranking import auc, average_precision, top_decile_lift
from tests.learning.figures import reference

Rows = tuple[list[float], list[bool], list[int]]


@st.composite
def rows(draw: DrawFn) -> Rows:
    """Scores with many ties, at least one loss and one stay of positive weight."""
    size = draw(st.integers(2, 25))
    of = st.lists(st.sampled_from([0.0, 10.0, 20.5, 50.0, 99.9, 100.0]), min_size=size, max_size=size)
    lost = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    weights = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    lost[0], lost[1], weights[0], weights[1] = True, False, max(weights[0], 1), max(weights[1], 1)
    return draw(of), lost, weights


@pytest.mark.slow
@given(rows())
@pytest.mark.parametrize(
    ("figure", "slow"),
    [(auc, reference.auc), (average_precision, reference.average_precision), (top_decile_lift, reference.lift)],
)
def test_figures_equal_a_count_of_every_pair_and_threshold(figure, slow, rows: Rows) -> None:
    score, lost, weights = rows
    fast = figure(np.array(score), np.array(lost), np.array(weights))
    assert fast == pytest.approx(slow(score, lost, weights), abs=1e-12)


@pytest.mark.slow
@given(rows())
def test_a_weight_is_as_many_copies(rows: Rows) -> None:
    score, lost, weights = (np.array(column) for column in rows)
    copies = np.repeat(np.arange(len(score)), weights)
    for figure in (auc, average_precision, top_decile_lift):
        assert figure(score, lost, weights) == pytest.approx(figure(score[copies], lost[copies]), abs=1e-12)


@pytest.mark.slow
@given(rows(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(rows: Rows, random) -> None:
    score, lost, weights = (np.array(column) for column in rows)
    order = list(range(len(score)))
    random.shuffle(order)
    for figure in (auc, average_precision, top_decile_lift):
        assert figure(score[order], lost[order], weights[order]) == pytest.approx(figure(score, lost, weights))


def test_scikit_learn_agrees_on_many_rows() -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    random = np.random.default_rng(3)
    score = random.normal(60, 20, 5_000).round(1)
    lost = random.random(5_000) < 0.2 - 0.002 * score.clip(0, 90)
    assert auc(score, lost) == pytest.approx(roc_auc_score(lost, -score), abs=1e-12)
    assert average_precision(score, lost) == pytest.approx(average_precision_score(lost, -score), abs=1e-12)


def test_a_perfect_score_and_its_reverse() -> None:
    score, lost = np.array([10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]), np.arange(10) < 1
    assert (auc(score, lost), average_precision(score, lost), top_decile_lift(score, lost)) == (1.0, 1.0, 10.0)
    assert (auc(-score, lost), top_decile_lift(-score, lost)) == (0.0, 0.0)


@pytest.mark.parametrize("lost", [[True, True], [False, False]])
def test_one_class_alone_has_no_figure(lost: list[bool]) -> None:
    for figure in (auc, average_precision, top_decile_lift):
        assert np.isnan(figure(np.array([1.0, 2.0]), np.array(lost)))
