from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions.measures import Levels, Linear, Step, Steps
from keepwell.engine.scoring.blocks import BLOCK_ROWS
from keepwell.engine.scoring.shapes import level_scores, linear_scores, shape_scores, step_scores

UTILISATION = Linear(linear=((0.1, 0.0), (0.5, 60.0), (0.8, 100.0)))
CHANGE = Steps(steps=(Step(up_to=-30.0, score=0.0), Step(up_to=0.0, score=60.0), Step(score=100.0)))


def test_linear_is_exact_at_knots_and_flat_beyond() -> None:
    values = np.array([-1.0, 0.1, 0.3, 0.5, 0.65, 0.8, 99.0, np.nan])
    scores = linear_scores(UTILISATION, values)
    assert scores[[0, 1, 3, 5, 6]].tolist() == [0, 0, 60, 100, 100]
    assert scores[[2, 4]] == pytest.approx([30, 80])
    assert np.isnan(scores[7])


def test_linear_may_fall_and_may_have_one_knot() -> None:
    falling = Linear(linear=((0.0, 100.0), (10.0, 0.0)))
    assert linear_scores(falling, np.array([0.0, 2.5, 10.0, 11.0])).tolist() == [100, 75, 0, 0]
    assert linear_scores(Linear(linear=((3.0, 40.0),)), np.array([1.0, 9.0])).tolist() == [40, 40]


def test_a_step_ends_with_its_edge() -> None:
    assert step_scores(CHANGE, np.array([-31.0, -30.0, -29.9, 0.0, 0.1])).tolist() == [0, 0, 60, 60, 100]
    assert np.isnan(step_scores(CHANGE, np.array([np.nan])))


def test_above_the_last_step_without_a_final_one_the_value_is_missing() -> None:
    steps = Steps(steps=(Step(up_to=1.0, score=10.0), Step(up_to=2.0, score=20.0)))
    scores = step_scores(steps, np.array([1.0, 2.0, 2.1]))
    assert scores[:2].tolist() == [10, 20]
    assert np.isnan(scores[2])


def test_levels_of_text() -> None:
    levels = Levels(levels={"gold": 100.0, "silver": 50.0})
    values = pa.chunked_array([["gold", None], ["bronze", "silver"]])
    assert level_scores(levels, values).tolist() == pytest.approx([100, np.nan, np.nan, 50], nan_ok=True)
    with_else = Levels(levels={"gold": 100.0}, **{"else": 5.0})
    assert level_scores(with_else, values).tolist() == pytest.approx([100, np.nan, 5, 5], nan_ok=True)


@pytest.mark.parametrize("keys", [("true", "false"), ("True", "False")])
def test_levels_of_booleans(keys: tuple[str, str]) -> None:
    levels = Levels(levels=dict(zip(keys, (80.0, 20.0), strict=True)))
    assert level_scores(levels, pa.array([True, False, None])).tolist() == pytest.approx([80, 20, np.nan], nan_ok=True)


def test_levels_of_whole_numbers_and_dates_go_by_their_text() -> None:
    assert level_scores(Levels(levels={"3": 70.0}), pa.array([3.0, 3.5])).tolist() == pytest.approx(
        [70, np.nan], nan_ok=True
    )


@pytest.mark.parametrize("shape", [UTILISATION, CHANGE])
def test_text_where_a_number_is_needed_is_missing_and_no_crash(shape: Linear | Steps) -> None:
    assert np.isnan(shape_scores(shape, pa.array(["much", None]))).all()


def test_infinity_is_missing() -> None:
    assert np.isnan(shape_scores(UTILISATION, pa.array([np.inf, -np.inf, np.nan]))).all()


@pytest.mark.slow
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 100)), min_size=1, max_size=6), st.data())
def test_a_better_value_never_lowers_a_monotone_measure(knots: list[tuple[float, float]], data: st.DataObject) -> None:
    values = sorted({value for value, _ in knots})
    scores = sorted(score for _, score in knots)[: len(values)]
    shape = Linear(linear=tuple(zip(values, scores, strict=True)))
    points = sorted(data.draw(st.lists(st.floats(-2e6, 2e6), min_size=2, max_size=20)))
    found = linear_scores(shape, np.array(points))
    assert (np.diff(found) >= 0).all()
    assert ((found >= 0) & (found <= 100)).all()


@pytest.mark.slow
@given(st.lists(st.floats(-2, 2), min_size=1, max_size=30))
def test_linear_agrees_with_interpolation(points: list[float]) -> None:
    values = np.array(points)
    assert linear_scores(UTILISATION, values) == pytest.approx(np.interp(values, [0.1, 0.5, 0.8], [0, 60, 100]))


@pytest.mark.slow
def test_long_columns_are_scored_to_the_end() -> None:
    values = np.linspace(-1, 2, 2 * BLOCK_ROWS + 5)
    assert linear_scores(UTILISATION, values) == pytest.approx(np.interp(values, [0.1, 0.5, 0.8], [0, 60, 100]))
    changes = np.linspace(-60, 60, 2 * BLOCK_ROWS + 5)
    expected = np.select([changes <= -30, changes <= 0], [0.0, 60.0], 100.0)
    assert shape_scores(CHANGE, pa.array(changes)).tolist() == expected.tolist()
