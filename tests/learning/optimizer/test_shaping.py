"""Thresholds: monotone, in the direction that was asked for or that the data show, and few."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from keepwell.definitions.measures import Levels, Linear, Measure, Steps
from keepwell.learning.optimizer.lines import Line
from keepwell.learning.optimizer.odds import health, monotone
from keepwell.learning.optimizer.shaping import Shaped, scores_of, shaped

N = 3_000
ROWS = np.arange(N)


@pytest.fixture(scope="module")
def random() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture(scope="module")
def use(random: np.random.Generator) -> np.ndarray:  # type: ignore[type-arg]
    return random.gamma(2, 5, N)


@pytest.fixture(scope="module")
def lost(random: np.random.Generator, use: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return random.random(N) < 1 / (1 + np.exp(use / 3 - 1.5))


def line(values: object, measure: Measure | None = None, kind: str = "number") -> Line:
    column = pa.chunked_array([pa.array(values, from_pandas=True)])
    return Line("use", kind, column, metric="use", group="g", measure=measure)  # type: ignore[arg-type]


def of(found: Shaped | str) -> Shaped:
    assert isinstance(found, Shaped)
    return found


@pytest.mark.slow
def test_scores_only_rise_where_higher_values_go_with_staying(use: np.ndarray, lost: np.ndarray) -> None:  # type: ignore[type-arg]
    found = of(shaped(line(use), ROWS, lost, None))
    assert isinstance(found.shape, Linear)
    knots = found.shape.linear
    assert found.higher_is_better
    assert [score for _, score in knots] == sorted(score for _, score in knots)
    assert (knots[0][1], knots[-1][1]) == (0, 100)
    assert 2 <= len(knots) <= 6
    assert all(score % 5 == 0 for _, score in knots)


@pytest.mark.slow
def test_a_direction_that_was_asked_for_is_kept_or_nothing_is_learned(use: np.ndarray, lost: np.ndarray) -> None:  # type: ignore[type-arg]
    against = shaped(line(use), ROWS, lost, "lower_is_better")
    assert against == "no threshold tells the accounts that left from those that stayed"
    turned = of(shaped(line(-use), ROWS, lost, None))
    assert turned.higher_is_better is False


@pytest.mark.slow
def test_a_measure_by_steps_stays_one_and_whole_numbers_are_cut_at_whole_numbers(
    use: np.ndarray,  # type: ignore[type-arg]
    lost: np.ndarray,  # type: ignore[type-arg]
) -> None:
    measure = Measure.model_validate({"weight": 1, "score": {"steps": ({"up_to": 1, "score": 0}, {"score": 100})}})
    found = of(shaped(line(np.floor(use), measure), ROWS, lost, None))
    assert isinstance(found.shape, Steps)
    assert all(float(step.up_to).is_integer() for step in found.shape.steps[:-1])  # type: ignore[arg-type]
    assert found.shape.steps[-1].up_to is None


@pytest.mark.slow
def test_nulls_score_by_what_became_of_them(use: np.ndarray, lost: np.ndarray) -> None:  # type: ignore[type-arg]
    values = use.copy()
    values[(np.arange(N) % 4 == 0) & lost] = np.nan
    found = of(shaped(line(values), ROWS, lost, None))
    assert found.missing == 0
    assert scores_of(found, np.flatnonzero(np.isnan(values))[:3]).tolist() == [0, 0, 0]


def test_texts_become_levels_and_rare_ones_score_as_the_rest(lost: np.ndarray) -> None:  # type: ignore[type-arg]
    words = np.where(lost, "monthly", "yearly").astype(object)
    words[:500] = "monthly"
    words[0] = "once"
    found = of(shaped(line(words, kind="word"), ROWS, lost, None))
    assert isinstance(found.shape, Levels)
    assert found.shape.levels == {"monthly": 0.0, "yearly": 100.0}
    assert found.shape.otherwise is not None
    assert 0 < found.shape.otherwise < 100


def test_chance_draws_no_line(random: np.random.Generator, lost: np.ndarray) -> None:  # type: ignore[type-arg]
    constant = shaped(line(np.ones(N)), ROWS, lost, None)
    assert isinstance(constant, str)


def test_a_bin_of_few_observations_claims_little() -> None:
    bins = np.repeat([0, 1], [1_000, 3])
    lost = np.concatenate([np.arange(1_000) % 10 == 0, [True, True, True]])
    whole, few = health(bins, lost, 2)
    assert few > -1.2 < whole  # three losses of three would be minus infinity


def test_pooling_keeps_the_mean_and_only_rises() -> None:
    pooled = monotone(np.array([1.0, 3.0, 2.0, 5.0]), np.array([1.0, 1.0, 3.0, 1.0]), rising=True)
    assert pooled.tolist() == pytest.approx([1, 2.25, 2.25, 5])
    fallen = monotone(np.array([1.0, 3.0]), np.array([1.0, 1.0]), rising=False)
    assert fallen.tolist() == [2, 2]
