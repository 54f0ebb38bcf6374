from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.scoring.percentile import percentile_scores, sorted_peers

NULL = float("nan")


def test_ties_share_the_middle_of_their_places() -> None:
    # 4 peers: below 0, then two equals (1 below, middle 1.5), then 3 below, of n - 1 = 3
    assert percentile_scores(np.array([1.0, 5, 5, 9]), None).tolist() == pytest.approx([0, 50, 50, 100])


def test_one_peer_has_fifty() -> None:
    within = np.array([0, 1, 1])
    assert percentile_scores(np.array([3.0, 1, 2]), within).tolist() == [50, 0, 100]


def test_all_equal_have_fifty() -> None:
    assert percentile_scores(np.array([7.0] * 5), None).tolist() == [50] * 5


def test_descending_turns_it_over() -> None:
    assert percentile_scores(np.array([1.0, 2, 4]), None, descending=True).tolist() == [100, 50, 0]


def test_null_values_are_no_peers_and_null_within_is_missing() -> None:
    scores = percentile_scores(np.array([1.0, NULL, 2, 3]), np.array([0, 0, 0, -1]))
    assert scores.tolist() == pytest.approx([0, NULL, 100, NULL], nan_ok=True)


def test_nobody_has_a_value() -> None:
    assert np.isnan(percentile_scores(np.array([NULL, NULL]), None)).all()


def _by_definition(values: list[float], within: list[int], descending: bool) -> list[float]:
    scores = []
    for value, group in zip(values, within, strict=True):
        peers = [v for v, g in zip(values, within, strict=True) if g == group and not np.isnan(v)]
        if group < 0 or np.isnan(value):
            scores.append(NULL)
        elif len(peers) == 1:
            scores.append(50.0)
        else:
            below = sum(peer > value if descending else peer < value for peer in peers)
            scores.append(100 * (below + (peers.count(value) - 1) / 2) / (len(peers) - 1))
    return scores


rows = st.lists(st.tuples(st.sampled_from([NULL, 1.0, 2.0, 3.0, 4.5]), st.integers(-1, 2)), min_size=1, max_size=30)


@pytest.mark.slow
@given(rows, st.booleans())
def test_percentiles_follow_the_definition(rows: list[tuple[float, int]], descending: bool) -> None:
    values, within = [value for value, _ in rows], [group for _, group in rows]
    scores = percentile_scores(np.array(values), np.array(within), descending=descending)
    assert scores.tolist() == pytest.approx(_by_definition(values, within, descending), nan_ok=True)


@pytest.mark.slow
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(rows: list[tuple[float, int]], random: object) -> None:
    order = np.arange(len(rows))
    random.shuffle(order)  # type: ignore[attr-defined]
    values, within = np.array([value for value, _ in rows]), np.array([group for _, group in rows])
    np.testing.assert_array_equal(
        percentile_scores(values, within)[order], percentile_scores(values[order], within[order])
    )


@pytest.mark.slow
@given(rows, st.booleans())
def test_an_unchanged_account_keeps_its_score_among_the_peers_of_a_run(
    rows: list[tuple[float, int]], descending: bool
) -> None:
    values = np.array([value for value, _ in rows])
    labels = [None if group < 0 else str(group) for _, group in rows]
    peers = sorted_peers(values, labels)
    again = peers.scores(values, labels, values, descending=descending)
    full = percentile_scores(values, np.array([group for _, group in rows]), descending=descending)
    assert again.tolist() == pytest.approx(full.tolist(), nan_ok=True)


def test_a_changed_account_stands_alone_among_the_others_as_they_were() -> None:
    peers = sorted_peers(np.array([1.0, 2, 3, 4]), None)
    moved = peers.scores(np.array([3.0]), [""], np.array([1.0]))  # 2, 3, 4 stay: one below, one equal
    assert moved.tolist() == pytest.approx([100 * (1 + 0.5) / 3])
    newcomer = peers.scores(np.array([9.0]), [""], np.array([NULL]))
    assert newcomer.tolist() == [100]
    assert peers.scores(np.array([9.0]), ["nowhere"], np.array([NULL])).tolist() == [50]
