"""The plain randomised comparison, against published examples and SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import ttest_ind

from keepwell.learning.effects.ledger import Treatments
from keepwell.learning.effects.randomised import difference_of_means, difference_of_shares, randomised
from keepwell.learning.effects.targets import Target
from tests.learning.effects.made import LAST, arms, decided, history, ledger, on, put

LOST, SCORE = Target(60), Target(30, "score")


def share(events: int, n: int) -> np.ndarray:
    return np.arange(n) < events


@pytest.mark.parametrize(
    ("treated", "compared", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_intervals_of_shares_are_those_that_newcombe_printed(
    treated: tuple[int, int], compared: tuple[int, int], low: float, high: float
) -> None:
    found = difference_of_shares(share(*treated), share(*compared))
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_intervals_of_means_are_those_of_welch() -> None:
    random = np.random.default_rng(3)
    treated, compared = random.normal(1, 4, 35), random.normal(0, 1, 90)
    found = difference_of_means(treated, compared)
    theirs = ttest_ind(treated, compared, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))


def losses(drawn: Treatments, lost: set[str]) -> Any:
    rows = [(name, on(20), "churned") for name in lost] + [("z", LAST, "renewed")]
    return randomised(put(drawn, decided(*rows)), drawn, LOST)


def test_fewer_losses_among_the_treated_than_among_those_held_out() -> None:
    found = losses(arms(40, 50), {f"t{at}" for at in range(4)} | {f"h{at}" for at in range(20)})
    assert found.effect == pytest.approx(0.1 - 0.4)
    assert found.is_told_from_nothing
    assert (found.treated, found.compared) == (40, 50)


def test_without_hold_outs_there_is_no_such_comparison() -> None:
    assert losses(arms(40, 0), {"t1"}) is None


@pytest.mark.parametrize(
    ("drawn", "lost", "reason"),
    [
        (arms(19, 40), {"t1"}, "19 accounts treated with a known result"),
        (arms(40, 1), {"t1"}, "1 account not treated with a known result"),
        (arms(40, 40), set(), "nobody was lost, on either side"),
    ],
)
def test_what_cannot_be_known_is_refused_in_words(drawn: Treatments, lost: set[str], reason: str) -> None:
    found = losses(drawn, lost)
    assert not found.is_known
    assert reason in found.reason


def test_a_treatment_that_was_taken_back_counts_as_drawn() -> None:
    rows = [{"account": f"t{at}", "withdrawn_on": on(3) if at < 5 else None} for at in range(40)]
    drawn = ledger(*rows, *({"account": f"h{at}", "is_held_out": True} for at in range(40)))
    found = losses(drawn, {"t0", "t1", "h0"})
    assert found.treated == 40
    assert found.effect == pytest.approx(1 / 40)
    assert "5 treatments were taken back later; their accounts count as drawn" in found.notes


def test_versions_are_compared_each_by_itself() -> None:
    """Version 2 holds out more and is used for those who leave more: all in one it would seem to do good."""
    rows = [
        {"account": f"{version}{at}", "version": version, "is_held_out": at < held}
        for version, size, held in (("1", 100, 20), ("2", 100, 80), ("3", 60, 0))
        for at in range(size)
    ]
    lost = {f"2{at}" for at in range(0, 100, 2)} | {f"1{at}" for at in range(0, 100, 10)}
    found = losses(ledger(*rows), lost)
    assert found.effect == pytest.approx(0, abs=0.01)
    assert "60 are left out: nobody was held out by the version of the rule that drew them" in found.notes


def test_scores_are_compared_by_how_they_moved() -> None:
    drawn, random = arms(60, 60), np.random.default_rng(1)
    rows = [
        row
        for name in drawn.account.to_pylist()
        for start in [random.uniform(20, 80)]
        for row in ((name, on(-1), start), (name, on(30), start + random.normal(5 if name[0] == "t" else 0)))
    ]
    found = randomised(put(drawn, scores=history(rows)), drawn, SCORE)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < 5 < found.high
    assert found.high - found.low < 1
