from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions.schemes import Band, Scheme
from keepwell.engine.scoring.bands import label_of
from keepwell.engine.scoring.overrides import (
    EFFECTS,
    ByHand,
    EffectKind,
    Overridden,
    apply_by_hand,
    apply_effect,
    apply_overrides,
)
from keepwell.engine.values import OVERRIDES

TRAFFIC = Scheme(bands=(Band(label="red", up_to=50), Band(label="yellow", up_to=75), Band(label="green", up_to=100)))
NARROW = Scheme(bands=(Band(label="low", up_to=50), Band(label="thin", up_to=51), Band(label="high", up_to=100)))
NUMERIC = Scheme()
NULL = float("nan")


def after(score: float, kind: EffectKind, value: float | str, scheme: Scheme = TRAFFIC) -> float:
    return float(apply_effect(np.array([score]), kind, value, scheme)[0])


@pytest.mark.parametrize(
    ("score", "kind", "value", "result"),
    [
        (80, "at_most", "red", 50),  # the band's upper edge
        (80, "at_most", "yellow", 75),
        (50, "at_most", "red", 50),  # in the band already
        (20, "at_most", "yellow", 20),  # beyond it
        (20, "at_least", "yellow", 51),  # lower edge + 1
        (50, "at_least", "yellow", 51),  # 50 is still red
        (60, "at_least", "yellow", 60),
        (90, "at_least", "yellow", 90),
        (0, "at_least", "red", 0),  # the first band holds 0
        (20, "set", "yellow", 62.5),  # the band's middle
        (90, "set", "yellow", 62.5),
        (60, "set", "yellow", 60),  # in the band already
        (0, "set", "red", 0),
        (75, "set", "green", 87.5),
        (80, "at_most", 30, 30),
        (20, "at_most", 30, 20),
        (20, "at_least", 30, 30),
        (20, "set", 30, 30),
    ],
)
def test_effects(score: float, kind: EffectKind, value: float | str, result: float) -> None:
    assert after(score, kind, value) == result


def test_at_least_stops_at_the_middle_of_a_narrow_band() -> None:
    assert after(20, "at_least", "thin", NARROW) == 50.5


@pytest.mark.parametrize("kind", EFFECTS)
@pytest.mark.parametrize("value", ["yellow", 40.0])
def test_null_stays_null(kind: EffectKind, value: float | str) -> None:
    assert np.isnan(after(NULL, kind, value))


@pytest.mark.slow
@given(st.floats(0, 100), st.sampled_from(EFFECTS), st.one_of(st.sampled_from(TRAFFIC.labels), st.floats(0, 100)))
def test_an_effect_twice_is_the_effect_once(score: float, kind: EffectKind, value: float | str) -> None:
    once = after(score, kind, value)
    assert after(once, kind, value) == once
    assert 0 <= once <= 100


@given(st.floats(0, 100), st.sampled_from(EFFECTS), st.sampled_from(TRAFFIC.labels))
def test_an_effect_with_a_label_keeps_its_word(score: float, kind: EffectKind, label: str) -> None:
    found, order = label_of(after(score, kind, label), TRAFFIC), TRAFFIC.labels
    assert {
        "set": found == label,
        "at_most": order.index(found) <= order.index(label),
        "at_least": order.index(found) >= order.index(label),
    }[kind]


def overridden(scores: list[float], *rules: tuple[EffectKind, float | str, list[bool]]) -> Overridden:
    effects = [(kind, value) for kind, value, _ in rules]
    return apply_overrides(np.array(scores), effects, [np.array(holds) for *_, holds in rules], TRAFFIC)


def test_overrides_run_in_order_on_the_running_score() -> None:
    rules = (("at_most", 40.0, [True]), ("at_least", 60.0, [True]))
    assert overridden([90], *rules).final.tolist() == [60]
    assert overridden([90], *reversed(rules)).final.tolist() == [40]


def test_an_override_fires_where_its_condition_holds_even_if_nothing_moves() -> None:
    result = overridden([20.0, 90.0], ("at_most", "red", [True, False]))
    assert result.final.tolist() == [20, 90]
    assert result.fired.tolist() == [[True, False]]


def test_no_override_of_a_card_applies_where_the_overall_is_null() -> None:
    result = overridden([NULL], ("set", 90.0, [True]))
    assert np.isnan(result.final[0])
    assert not result.fired.any()


def by_hand(scores: list[float], *rows: tuple[int, str, str], scheme: Scheme = TRAFFIC) -> ByHand:
    table = pa.Table.from_pylist(
        [{"entity": entity, "effect": effect, "value": value} for entity, effect, value in rows], OVERRIDES
    )
    ids = pa.array([f"A{number}" for number in range(20)])
    return apply_by_hand(np.array(scores), np.arange(10, 10 + len(scores)), ids, table, scheme)


def test_by_hand_oldest_first_after_the_card() -> None:
    result = by_hand([30.0, 30.0], (10, "set", "90"), (10, "at_most", "yellow"))
    assert result.final.tolist() == [75, 30]
    assert result.applied.tolist() == [2, 0]


def test_a_set_by_hand_gives_a_score_where_there_is_none() -> None:
    assert by_hand([NULL], (10, "set", "green")).final.tolist() == [87.5]
    assert by_hand([NULL], (10, "set", "12")).final.tolist() == [12]


def test_a_bound_by_hand_does_not() -> None:
    result = by_hand([NULL], (10, "at_least", "green"))
    assert np.isnan(result.final[0])
    assert result.applied.tolist() == [0]


@pytest.mark.parametrize(
    ("effect", "value", "says"),
    [("set", "purple", "'purple' is not"), ("set", "101", "101 is not"), ("raise", "10", "'raise' is no effect")],
)
def test_what_cannot_be_read_is_a_problem_that_names_the_account(effect: str, value: str, says: str) -> None:
    result = by_hand([30.0], (10, effect, value))
    assert result.final.tolist() == [30]
    assert len(result.problems) == 1
    assert "'A10'" in result.problems[0]
    assert says in result.problems[0]


def test_a_scheme_without_bands_takes_numbers_only() -> None:
    assert by_hand([30.0], (10, "at_least", "55.5"), scheme=NUMERIC).final.tolist() == [55.5]
    assert "a number from 0 to 100" in by_hand([30.0], (10, "set", "green"), scheme=NUMERIC).problems[0]


def test_entities_of_other_cards_are_left_alone() -> None:
    assert by_hand([30.0], (3, "set", "90"), (15, "set", "90")).final.tolist() == [30]
