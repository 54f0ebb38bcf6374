from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions.metrics import ChildrenMetric
from keepwell.engine.children import aggregate_children, children_metric, hierarchy, parent_rows
from tests.engine.asking import entities_of

NULL = float("nan")


def test_parents_are_found_by_id_and_strangers_are_none() -> None:
    rows = parent_rows(pa.array(["a", "b"]), pa.array(["b", None, "z", "a"]))
    assert rows.tolist() == [1, -1, -1, 0]


def test_heights_count_from_the_leaves() -> None:
    #  0 <- 1 <- 2, and 0 <- 3
    tree = hierarchy(np.array([-1, 0, 1, 0]))
    assert tree.heights.tolist() == [2, 1, 0, 0]
    assert tree.circles == ()


def test_a_circle_is_listed_and_what_hangs_below_it_is_not() -> None:
    tree = hierarchy(np.array([1, 2, 0, 0, 3]))
    assert tree.circles == ((0, 1, 2),)
    assert tree.heights.tolist() == [-1, -1, -1, 1, 0]
    sentence = tree.problems(pa.array(["a", "b", "c", "d", "e"]))[0]
    assert "'a' -> 'b' -> 'c' -> 'a'" in sentence


def test_an_account_may_be_its_own_parent_by_mistake() -> None:
    assert hierarchy(np.array([0, -1])).circles == ((0,),)


def test_aggregates_skip_nulls_and_are_null_when_none_remain() -> None:
    values, parents = np.array([10.0, NULL, 30.0, NULL]), np.array([0, 0, 0, 1])
    for aggregation, result in (("sum", 40), ("avg", 20), ("min", 10), ("max", 30)):
        found = aggregate_children(values, parents, 3, aggregation)  # type: ignore[arg-type]
        assert found.tolist() == pytest.approx([result, NULL, NULL], nan_ok=True)


def test_weighted_avg_skips_null_and_zero_weights() -> None:
    values, parents = np.array([10.0, 40.0, 99.0, 99.0]), np.array([0, 0, 0, 0])
    found = aggregate_children(values, parents, 1, "weighted_avg", np.array([1.0, 2.0, NULL, 0.0]))
    assert found.tolist() == [30]
    none = aggregate_children(values, parents, 1, "weighted_avg", np.array([NULL, 0.0, 0.0, NULL]))
    assert np.isnan(none[0])


def test_a_metric_over_children_is_null_in_a_circle_and_dated_by_the_oldest_child() -> None:
    metric = ChildrenMetric(children="use", of="accounts", aggregate="weighted_avg", weight="seats")
    days = np.array(["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04", "NaT"], "datetime64[D]")
    rows = [
        {"id": "a", "use": 10.0, "seats": 1.0, "parent": "top"},
        {"id": "b", "use": 40.0, "seats": 2.0, "parent": "top"},
        {"id": "c", "use": 50.0, "seats": 1.0, "parent": "d"},
        {"id": "d", "use": 60.0, "seats": 1.0, "parent": "c"},
        {"id": "top", "use": None, "seats": 1.0},
    ]
    accounts = entities_of(rows, metrics=["use"], observed={"use": days})
    found = children_metric(metric, accounts.ids, accounts)
    assert found.column.to_pylist() == [None, None, None, None, 30]
    assert found.observed is not None
    assert found.observed[4] == np.datetime64("2026-10-01")
    assert np.isnat(found.observed[:4]).all()
    assert children_metric(metric, accounts.ids, None).column.null_count == 5


@pytest.mark.slow
@given(st.floats(0, 100), st.lists(st.floats(0.001, 1e6), min_size=1, max_size=20))
def test_the_weighted_average_of_equals_is_their_value(value: float, weights: list[float]) -> None:
    k = len(weights)
    found = aggregate_children(np.full(k, value), np.zeros(k, int), 1, "weighted_avg", np.array(weights))
    assert found.tolist() == [value]


@given(st.lists(st.integers(-1, 11), min_size=12, max_size=12))
def test_every_entity_is_above_its_children_or_in_a_circle(parents: list[int]) -> None:
    tree = hierarchy(np.array(parents))
    for row, parent in enumerate(parents):
        if parent >= 0 and tree.heights[parent] >= 0:
            assert tree.heights[parent] > tree.heights[row] >= 0
    in_circles = {row for circle in tree.circles for row in circle}
    assert in_circles == set(np.flatnonzero(tree.in_circle).tolist())
