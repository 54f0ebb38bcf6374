"""Intervals by account, and the words where a figure cannot be known."""

from __future__ import annotations

import numpy as np
import pytest

from keepwell.learning.figures.bootstrap import Draws, exact_edge, interval
from keepwell.learning.figures.judging import Judge
from keepwell.learning.figures.ranking import auc


def world(accounts: int = 300, dates: int = 4, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """codes, scores, lost: an account keeps much of its score from date to date."""
    random = np.random.default_rng(seed)
    own = random.normal(60, 15, accounts)
    codes = np.tile(np.arange(accounts), dates)
    score = np.clip(own[codes] + random.normal(0, 5, len(codes)), 0, 100)
    lost = random.random(len(codes)) < 1 / (1 + np.exp((own[codes] - 45) / 8))
    return codes, score, lost


def test_draws_equal_figures_of_copied_rows() -> None:
    codes, score, lost = world(40)
    draws = Draws(40, count=20, seed=5)
    judge = Judge(codes, lost, draws)
    judge.rank("all", score)
    judge.share("low", score < 50, np.ones(len(score), bool))
    answers = judge.answers()
    for number in range(20):
        counts = draws.block(number, number + 1)[:, 0]
        rows = np.concatenate([np.repeat(np.flatnonzero(codes == one), counts[one]) for one in range(40)])
        assert answers.draws[answers.places["all.auc"], number] == pytest.approx(auc(score[rows], lost[rows]))
        assert answers.draws[answers.places["low"], number] == pytest.approx((score[rows] < 50).mean())


def test_draws_depend_on_seed_and_number_alone() -> None:
    draws = Draws(50, count=40, seed=3)
    assert (draws.block(0, 40)[:, 17:20] == draws.block(17, 20)).all()
    assert (draws.block(0, 40).sum(axis=0) == 50).all()
    assert (Draws(50, seed=4).block(0, 1) != draws.block(0, 1)).any()


def test_an_account_seen_often_is_one_piece_of_evidence() -> None:
    codes, score, lost = world(300, dates=1)
    once, often = Judge(codes, lost, Draws(300)), Judge(np.tile(codes, 9), np.tile(lost, 9), Draws(300))
    once.rank("all", score)
    often.rank("all", np.tile(score, 9))
    one, nine = once.answers().figure("all.auc"), often.answers().figure("all.auc")
    assert (one.value, one.low, one.high) == pytest.approx((nine.value, nine.low, nine.high))
    assert (nine.numbers.observations, nine.numbers.accounts) == (2_700, 300)


@pytest.mark.slow
def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    _, everybody, left = world(40_000, dates=2, seed=99)
    truth = auc(everybody, left)
    held = 0
    for seed in range(100):
        codes, score, lost = world(200, dates=3, seed=seed)
        judge = Judge(codes, lost, Draws(200, count=200, seed=seed))
        judge.rank("all", score)
        figure = judge.answers().figure("all.auc")
        held += figure.low <= truth <= figure.high
    assert held >= 88


def test_two_scores_of_the_same_accounts_differ_by_less_than_their_intervals_suggest() -> None:
    codes, score, lost = world()
    judge = Judge(codes, lost, Draws(300))
    judge.rank("one", score)
    judge.rank("other", score + np.random.default_rng(0).normal(0, 1, len(score)))
    judge.rank("same", score)
    answers = judge.answers()
    between, alone = answers.difference("other.auc", "one.auc"), answers.figure("one.auc")
    assert between.high - between.low < (alone.high - alone.low) / 3
    nothing = answers.difference("same.auc", "one.auc")
    assert (nothing.value, nothing.low, nothing.high) == (0, 0, 0)


@pytest.mark.parametrize(
    ("losses", "words"),
    [(0, "nobody left"), (1, "only 1 account left"), (9, "only 9 accounts left"), (300, "everybody left")],
)
def test_too_few_of_a_class_is_said_and_no_number_given(losses: int, words: str) -> None:
    codes, score, _ = world(dates=1)
    judge = Judge(codes, np.arange(300) < losses, Draws(300, count=10))
    judge.rank("all", score)
    for name in ("auc", "average_precision", "top_decile_lift"):
        figure = judge.answers().figure(f"all.{name}")
        assert (figure.value, figure.low, figure.high) == (None, None, None)
        assert words in (figure.reason or "")


def test_only_a_few_who_stayed() -> None:
    codes, score, _ = world(dates=1)
    judge = Judge(codes, np.arange(300) < 295, Draws(300, count=10))
    judge.rank("all", score)
    assert "stayed" in (judge.answers().figure("all.auc").reason or "")


def test_one_score_for_all_and_no_score_at_all() -> None:
    codes, score, lost = world(dates=1)
    judge = Judge(codes, lost, Draws(300, count=10))
    judge.rank("flat", np.full(300, 50.0))
    judge.rank("none", np.full(300, np.nan))
    judge.rank("nobody", score, np.zeros(300, bool))
    answers = judge.answers()
    assert "same score" in (answers.figure("flat.auc").reason or "")
    assert "has a score" in (answers.figure("none.auc").reason or "")
    assert "nobody to count" in (answers.figure("nobody.auc").reason or "")


def test_a_share_of_none_has_the_exact_interval() -> None:
    codes, _, lost = world(20, dates=3)
    judge = Judge(codes, lost, Draws(20, count=50))
    judge.share("none", np.zeros(60, bool), np.ones(60, bool))
    judge.share("all", np.ones(60, bool), np.ones(60, bool))
    answers = judge.answers()
    none, every = answers.figure("none"), answers.figure("all")
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 20)) == exact_edge(20)
    assert (every.low, every.high) == pytest.approx((1 - exact_edge(20), 1))


def test_no_interval_where_many_draws_have_no_value() -> None:
    assert interval(np.array([0.5] * 90 + [np.nan] * 10)) is None
    assert interval(np.array([0.5] * 99 + [np.nan])) == (0.5, 0.5)
    assert interval(np.array([])) is None
