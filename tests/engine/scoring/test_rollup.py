"""The roll-up against a slow reference: the formulas of the definition page, in fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.scoring.rollup import RollUp, roll_up, whole

NULL = float("nan")


@dataclass(frozen=True)
class Case:
    """A card with `group_of` in order, and n entities: scores None for null, f, and whether imputed."""

    weights: list[float]
    group_of: list[int]
    group_weights: list[float]
    scores: list[list[float | None]]  # [n][m]
    freshness: list[list[float]]
    imputed: list[list[bool]]
    minimum: float = 0.0

    def run(self, **options: Any) -> RollUp:
        scores = np.array([[NULL if s is None else s for s in row] for row in self.scores]).T.copy()
        imputed = np.array(self.imputed).T
        f = np.where(np.isnan(scores), 0.0, np.where(imputed, 1.0, np.array(self.freshness).T))
        o = np.where(imputed, 0.0, f)
        return roll_up(scores, f, o, self.weights, self.group_of, self.group_weights, self.minimum, **options)


def reference(case: Case, i: int) -> dict[str, Any]:
    """Roll-up of one entity, as the definition page writes it."""
    m, groups = range(len(case.weights)), range(len(case.group_weights))
    s = [None if one is None else Fraction(one) for one in case.scores[i]]
    w = [Fraction(one) for one in case.weights]
    big_w = [Fraction(one) for one in case.group_weights]
    f = [
        Fraction(0) if s[j] is None else Fraction(1) if case.imputed[i][j] else Fraction(case.freshness[i][j])
        for j in m
    ]
    o = [Fraction(0) if case.imputed[i][j] else f[j] for j in m]
    inside = [[j for j in m if case.group_of[j] == g] for g in groups]
    dens = [sum((w[j] * f[j] for j in inside[g]), Fraction(0)) for g in groups]
    score = [sum(w[j] * f[j] * (s[j] or 0) for j in inside[g]) / dens[g] if dens[g] else None for g in groups]
    group_coverage = [sum(w[j] * o[j] for j in inside[g]) / sum(w[j] for j in inside[g]) for g in groups]
    coverage = sum(big_w[g] * group_coverage[g] for g in groups) / sum(big_w)
    total = sum((big_w[g] for g in groups if score[g] is not None), Fraction(0))
    overall = sum(big_w[g] * (score[g] or 0) for g in groups) / total if total else None
    if coverage < case.minimum:
        overall = None
    contributions: list[Fraction | None] = [None] * len(m)
    if overall is not None:
        for j in m:
            g = case.group_of[j]
            contributions[j] = big_w[g] / total * (w[j] * f[j] / dens[g]) * (s[j] or 0) if dens[g] else Fraction(0)
    return {
        "overall": overall,
        "groups": score,
        "coverage": coverage,
        "group_coverage": group_coverage,
        "contributions": contributions,
    }


def floats(values: list[Fraction | None]) -> list[float]:
    return [NULL if value is None else float(value) for value in values]


def check(case: Case) -> None:
    rolled = case.run()
    for i in range(len(case.scores)):
        expected = reference(case, i)
        assert rolled.overall[i] == pytest.approx(floats([expected["overall"]])[0], nan_ok=True)
        assert rolled.groups[:, i].tolist() == pytest.approx(floats(expected["groups"]), nan_ok=True)
        assert rolled.coverage[i] == pytest.approx(float(expected["coverage"]))
        assert rolled.group_coverage[:, i].tolist() == pytest.approx(floats(expected["group_coverage"]))
        assert rolled.contributions is not None
        assert rolled.contributions[:, i].tolist() == pytest.approx(floats(expected["contributions"]), nan_ok=True)


scores = st.one_of(st.none(), st.floats(0, 100))
# a weight so small that it is nothing beside the others would ask for more than float64 has
weights = st.one_of(st.just(0.0), st.floats(0.001, 1000))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    group_of = [g for g, size in enumerate(sizes) for _ in range(size)]
    m, n = len(group_of), draw(st.integers(1, 6))

    def per_measure(of: st.SearchStrategy[Any]) -> list[list[Any]]:
        return draw(st.lists(st.lists(of, min_size=m, max_size=m), min_size=n, max_size=n))

    w = draw(st.lists(weights, min_size=m, max_size=m))
    for g in range(len(sizes)):
        first = group_of.index(g)
        w[first] = w[first] or 1.0
    big_w = draw(st.lists(weights, min_size=len(sizes), max_size=len(sizes)))
    big_w[0] = big_w[0] or 1.0
    freshness = st.sampled_from([0.0, 0.25, 0.5, 1.0])
    found = per_measure(scores)
    imputed = [
        [flag and score is not None for flag, score in zip(*pair, strict=True)]
        for pair in zip(per_measure(st.booleans()), found, strict=True)
    ]
    return Case(w, group_of, big_w, found, per_measure(freshness), imputed)


@pytest.mark.slow
@given(cases())
def test_the_roll_up_follows_the_definition(case: Case) -> None:
    check(case)


@pytest.mark.slow
@given(cases())
def test_scores_lie_on_the_scale_and_contributions_sum_to_them(case: Case) -> None:
    rolled = case.run()
    scored = ~np.isnan(rolled.overall)
    assert ((rolled.overall[scored] >= 0) & (rolled.overall[scored] <= 100)).all()
    assert rolled.contributions is not None
    assert np.abs(rolled.contributions.sum(axis=0)[scored] - rolled.overall[scored]).max(initial=0) <= 1e-9
    assert np.isnan(rolled.contributions[:, ~scored]).all()


@pytest.mark.slow
@given(cases(), st.integers(1, 7), st.integers(1, 3))
def test_blocks_and_threads_do_not_change_a_bit(case: Case, block: int, threads: int) -> None:
    one, other = case.run(), case.run(block=block, threads=threads)
    for name, array in vars(one).items():
        np.testing.assert_array_equal(array, getattr(other, name))


@pytest.mark.slow
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(case: Case, random: Any) -> None:
    order = list(range(len(case.scores)))
    random.shuffle(order)
    shuffled = Case(
        case.weights,
        case.group_of,
        case.group_weights,
        *([rows[i] for i in order] for rows in (case.scores, case.freshness, case.imputed)),  # type: ignore[arg-type]
    )
    np.testing.assert_array_equal(case.run().overall[order], shuffled.run().overall)


@pytest.mark.slow
@given(cases())
def test_without_contributions_the_scores_are_the_same(case: Case) -> None:
    np.testing.assert_array_equal(case.run().overall, case.run(contributions=False).overall)


@pytest.mark.slow
@given(cases())
def test_freshness_left_out_means_one_where_scored(case: Case) -> None:
    plain = Case(
        case.weights,
        case.group_of,
        case.group_weights,
        case.scores,
        [[1.0] * len(case.weights)] * len(case.scores),
        [[False] * len(case.weights)] * len(case.scores),
    )
    scores = np.array([[NULL if s is None else s for s in row] for row in case.scores]).T.copy()
    left_out = roll_up(scores, None, None, case.weights, case.group_of, case.group_weights)
    given_out = plain.run()
    for name, array in vars(left_out).items():
        np.testing.assert_array_equal(array, getattr(given_out, name))


@pytest.mark.slow
@given(cases(), st.integers(0, 5), st.integers(0, 15), st.floats(0, 100))
def test_a_better_measure_never_lowers_the_overall(case: Case, i: int, j: int, better: float) -> None:
    i, j = i % len(case.scores), j % len(case.weights)
    before = case.scores[i][j]
    if before is None or better < before:
        return
    raised = [list(row) for row in case.scores]
    raised[i][j] = better
    after = Case(case.weights, case.group_of, case.group_weights, raised, case.freshness, case.imputed).run()
    was = case.run().overall[i]
    assert np.isnan(was) or after.overall[i] >= was - 1e-12


def simple(scores: list[float | None], **more: Any) -> Case:
    m = len(scores)
    options = {"weights": [1.0] * m, "group_of": [0] * m, "group_weights": [1.0], "minimum": 0.0} | more
    return Case(scores=[scores], freshness=[[1.0] * m], imputed=[[False] * m], **options)


def test_missing_measures_leave_their_weight_to_the_others() -> None:
    rolled = simple([80, None], weights=[1.0, 3.0]).run()
    assert rolled.overall.tolist() == [80]
    assert rolled.coverage.tolist() == [0.25]


def test_a_null_group_leaves_its_weight_to_the_others_but_counts_in_coverage() -> None:
    rolled = simple([80, None], group_of=[0, 1], group_weights=[60.0, 40.0]).run()
    assert rolled.overall.tolist() == [80]
    assert rolled.coverage.tolist() == [0.6]
    assert np.isnan(rolled.groups[1, 0])


def test_overall_is_null_where_only_groups_without_weight_are_left() -> None:
    rolled = simple([None, 70], group_of=[0, 1], group_weights=[1.0, 0.0]).run()
    assert np.isnan(rolled.overall[0])
    assert rolled.groups[1, 0] == 70
    assert rolled.contributions is not None
    assert np.isnan(rolled.contributions).all()


def test_a_measure_without_weight_is_scored_and_counts_for_nothing() -> None:
    rolled = simple([10, 90], weights=[0.0, 2.0]).run()
    assert rolled.overall.tolist() == [90]
    assert rolled.contributions is not None
    assert rolled.contributions[:, 0].tolist() == [0, 90]


def test_a_group_whose_only_scored_measure_has_no_weight_is_null() -> None:
    rolled = simple([10, None], weights=[0.0, 2.0]).run()
    assert np.isnan(rolled.overall[0])


def test_minimum_coverage_is_reached_at_itself() -> None:
    assert simple([80, None], minimum=0.5).run().overall.tolist() == [80]
    assert np.isnan(simple([80, None], minimum=0.51).run().overall[0])
    thirds = simple([80, 80, None], weights=[0.1, 0.2, 0.0], minimum=1.0)
    assert thirds.run().overall.tolist() == pytest.approx([80])


def test_below_minimum_coverage_groups_are_still_there() -> None:
    rolled = simple([80, None], minimum=0.9).run()
    assert rolled.groups[0, 0] == 80
    assert rolled.coverage.tolist() == [0.5]


def test_imputed_is_not_observed() -> None:
    case = Case([1.0, 1.0], [0, 0], [1.0], [[80, 50]], [[1.0, 1.0]], [[False, True]])
    rolled = case.run()
    assert rolled.overall.tolist() == [65]
    assert rolled.coverage.tolist() == [0.5]


def test_weights_are_free_of_scale() -> None:
    assert whole([0.6, 0.4]) == whole([60, 40]) == whole([3, 2]) == (3, 2)
    assert whole([0.1, 0.7]) == (1, 7)
    assert whole([0, 5]) == (0, 1)
    assert whole([1 / 3, 2 / 3]) == (1 / 3, 2 / 3)  # no decimals that end
    assert whole([1e-30, 1e30]) == (1e-30, 1e30)
    assert whole([1e308, 1e308, 5e307]) == (1, 1, 0.5)  # their sum would be out of range


def test_the_mean_of_equal_scores_is_that_score() -> None:
    n = 200
    for count in range(1, 12):
        weights = whole([round(0.1 * (1 + (7 * j) % 9), 1) for j in range(count)])
        rolled = roll_up(np.full((count, n), 50.0), None, None, weights, [0] * count, [1.0])
        assert (rolled.overall == 50).all()


def test_nobody_to_score() -> None:
    assert roll_up(np.empty((2, 0)), None, None, [1, 1], [0, 0], [1]).overall.shape == (0,)
