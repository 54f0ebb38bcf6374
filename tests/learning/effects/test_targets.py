"""What became of accounts: losses within a time, and how a score moved; never from what was known too late."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepwell.learning.effects.targets import REASONS, Followed, Target, followed, unknown_told
from keepwell.learning.reading import Lifetimes
from tests.learning.effects.made import DAY, LAST, decided, history, ledger, number, on, put

LOST, SCORE = Target(60), Target(30, "score")
KEPT_LATER = ("z", LAST, "renewed")  # somebody decides on the last day, so that all before it is known


def ask(target: Target, *decisions: tuple, scores: pa.Table | None = None, **more: object) -> Followed:
    known = put(ledger({"account": "a"}), decided(*decisions, KEPT_LATER), scores, **more)  # type: ignore[arg-type]
    return followed(known, target, known.codes(pa.array(["a"])), np.array([number(DAY)]))


def why(found: Followed) -> str | None:
    return None if found.is_known[0] else REASONS[found.reason[0]]


@pytest.mark.parametrize(("day", "lost"), [(0, 1), (60, 1), (61, 0)])
def test_a_loss_counts_from_the_day_on_to_the_end_of_the_time(day: int, lost: int) -> None:
    assert ask(LOST, ("a", on(day), "churned")).change.tolist() == [lost]


def test_whoever_stays_is_kept() -> None:
    assert ask(LOST, ("a", on(10), "contracted")).change.tolist() == [0]


def test_whoever_had_left_before_is_not_looked_at() -> None:
    assert why(ask(LOST, ("a", on(-1), "churned"))) == "they had left before"
    assert why(ask(LOST, ("a", on(-9), "churned"), ("a", on(-1), "renewed"))) is None


def test_a_time_that_is_not_over_is_not_looked_at_though_a_loss_is_known() -> None:
    known = put(ledger({"account": "a"}), decided(("a", on(59), "churned")))
    found = followed(known, LOST, known.codes(pa.array(["a"])), np.array([number(DAY)]))
    assert why(found) == "the time after them is not over yet"


def test_an_end_without_a_decision_is_neither_lost_nor_kept() -> None:
    ended = Lifetimes(pa.array(["a"]), np.array([on(-99)], "datetime64[D]"), np.array([on(20)], "datetime64[D]"))
    assert why(ask(LOST, lifetimes=ended)) == "they ended without a decision that is known"
    assert ask(LOST, ("a", on(5), "churned"), lifetimes=ended).change.tolist() == [1]


def test_a_score_moves_from_the_day_before_to_the_last_within_the_time() -> None:
    scores = history([("a", on(-3), 40.0), ("a", on(0), 90.0), ("a", on(28), 55.0), ("a", on(31), 99.0)])
    found = ask(SCORE, scores=scores)
    assert (found.before.tolist(), found.after.tolist(), found.change.tolist()) == ([40], [55], [15])


def test_rows_that_are_too_old_tell_nothing() -> None:
    before = history([("a", on(-9), 40.0), ("a", on(28), 55.0)])
    after = history([("a", on(-3), 40.0), ("a", on(20), 55.0)])
    assert why(ask(SCORE, scores=before)) == "nothing was known of them before"
    assert why(ask(SCORE, scores=after)) == "nothing was known of them afterwards"


def test_whoever_left_in_between_counts_with_the_last_score() -> None:
    scores = history([("a", on(-3), 40.0), ("a", on(10), 25.0)])
    assert ask(SCORE, ("a", on(8), "churned"), scores=scores).change.tolist() == [-15]
    gone_at_once = history([("a", on(-3), 40.0)])
    assert not ask(SCORE, ("a", on(8), "churned"), scores=gone_at_once).is_known[0]


def test_nothing_after_the_last_day_is_seen() -> None:
    scores = history([("a", on(-3), 40.0), ("a", on(28), 55.0)])
    assert why(ask(SCORE, scores=scores, last=on(29))) == "the time after them is not over yet"


def test_who_is_left_out_is_told() -> None:
    found = Followed(np.zeros(3), np.zeros(3), np.array([-1, 0, 1]))
    assert list(unknown_told(np.array([True, True, True]), found)) == [
        "2 of 3 treated are left out: 1 because they had left before, 1 because the time after them is not over yet"
    ]
    assert list(unknown_told(np.array([True, False, False]), found)) == []
