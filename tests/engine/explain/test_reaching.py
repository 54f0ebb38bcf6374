"""Each way into a band is checked by scoring values that have it, and no cheaper single change is there to be found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.explain.reaching import Reaching, reach
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import Subject
from keepwell.engine.explain.trials import Trials
from keepwell.errors import RequestRefused
from tests.engine.asking import entry
from tests.engine.explain.drawing import NEW, PLAIN, TWO, card, row, state, states

BANDS = {"red": 0.0, "yellow": 50.0, "green": 75.0}
CAP = {"name": "cap", "when": "spend >= 2", "effect": {"at_most": "red"}, "reason": "Two urgent tickets"}


def final(found: State, name: str = "a") -> float:
    ids = found.scores.accounts.ids.to_pylist()
    return float(found.scores.accounts.finals[ids.index(name)])


def words(found: Reaching) -> list[list[str]]:
    return [[f"{change.name} {change.words}" for change in way.changes] for way in found.ways]


def test_the_least_single_change_comes_first() -> None:
    """0.75 x 60 + 0.25 x 60 = 60; above 75 needs usage of 80.1, in whole points 81; seats cannot alone: 70 at best."""
    found = reach(state(TWO, NEW, row(usage=60, seats=60)), "a", "green")
    assert words(found) == [["usage at least 81"]]
    assert found.ways[0].cost == 21
    assert found.ways[0].final == 0.75 * 81 + 0.25 * 60
    assert found.ways[0].label == "green"


def test_what_is_reached_needs_nothing() -> None:
    found = reach(state(TWO, NEW, row(usage=90, seats=90)), "a", "yellow")
    assert found.reached
    assert not found.ways


def test_several_change_where_one_is_not_enough() -> None:
    cards = {"main": card({"usage": {"weight": 1}, "seats": {"weight": 1}, "spend": {"weight": 1}})}
    found = reach(state(cards, NEW, row(usage=10, seats=20, spend=60)), "a", "green")
    assert all(len(way.changes) > 1 and way.final > 75 for way in found.ways)


def test_an_override_that_no_measure_ends_is_named_with_what_it_saw() -> None:
    cards = {"main": card({"usage": {"weight": 1}}, overrides=[CAP])}
    found = reach(state(cards, NEW, row(usage=90, spend=3)), "a", "green")
    assert words(found) == [["cap spend >= 2.0 no longer holds"]] or words(found) == [
        ["cap spend >= 2 no longer holds"]
    ]
    assert found.ways[0].changes[0].now == "spend is 3"
    assert found.ways[0].final == 90


def test_a_measure_that_its_override_looks_at_ends_it_with_its_own_change() -> None:
    """Spend is better where it is less: at 1 the cap is gone too, so nothing else has to happen."""
    measures = {"usage": {"weight": 3}, "spend": {"weight": 1, "score": {"linear": [[0, 100], [4, 0]]}}}
    cards = {"main": card(measures, overrides=[CAP])}
    found = reach(state(cards, NEW, row(usage=90, spend=3)), "a", "green")
    assert [change.kind for change in found.ways[0].changes] == ["measure"]
    assert found.ways[0].changes[0].words.startswith("at most 1.9")


def test_an_override_by_hand_has_to_be_withdrawn() -> None:
    by_hand = [{"entity": "a", "effect": "at_most", "value": "30", "reason": "They are leaving"}]
    found = reach(state(TWO, NEW, row(usage=90, seats=90), overrides=by_hand), "a", "green")
    assert [(change.kind, change.title) for change in found.ways[0].changes] == [("by_hand", "They are leaving")]


def test_a_manual_measure_is_offered_in_its_levels() -> None:
    levels = [{"score": 0, "label": "None"}, {"score": 60, "label": "Working"}, {"score": 100, "label": "Champion"}]
    cards = {"main": card({"sponsor": {"weight": 1, "manual": True, "levels": levels}})}
    found = reach(state(cards, NEW, row(), entries=[entry("a", "sponsor", 0, NEW)]), "a", "yellow")
    assert words(found) == [["sponsor entered as Working"]]


def test_steps_are_offered_by_their_edges() -> None:
    steps = {"steps": [{"up_to": 10, "score": 100}, {"up_to": 30, "score": 60}, {"score": 0}]}
    cards = {"main": card({"usage": {"weight": 1, "score": steps}})}
    assert words(reach(state(cards, NEW, row(usage=50)), "a", "green")) == [["usage at most 10"]]
    assert words(reach(state(cards, NEW, row(usage=50)), "a", "yellow")) == [["usage at most 30"]]


def test_a_missing_measure_costs_from_what_it_counts_as_now() -> None:
    """Seats are null, so usage alone counts: 60. With seats at 100 and weight 1 to 3 it is 70: yellow stays."""
    cards = {"main": card({"usage": {"weight": 1}, "seats": {"weight": 1}})}
    found = reach(state(cards, NEW, row(usage=60)), "a", "green")
    assert found.ways[0].changes[0].name == "usage"
    assert [way.cost for way in found.ways] == [16, 31]


def test_a_band_that_nothing_reaches_says_so() -> None:
    cards = {"main": card({"usage": {"weight": 1, "score": {"linear": [[0, 0], [100, 60]]}}})}
    found = reach(state(cards, NEW, row(usage=10)), "a", "green")
    assert not found.ways
    assert found.reason is not None


def test_an_unknown_band_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(RequestRefused, match="red, yellow, green"):
        reach(state(TWO, NEW, row(usage=1, seats=1)), "a", "blue")


@pytest.mark.slow
@given(states(NEW))
def test_a_trial_without_changes_is_the_score(found: State) -> None:
    for at in range(len(found.values.accounts)):
        one = Subject(found, "account", at)
        if one.place is not None:
            computed, after = Trials(one).finals([{}])
            np.testing.assert_array_equal(computed, [np.nan if one.placed.computed is None else one.placed.computed])
            np.testing.assert_array_equal(after, [np.nan if one.placed.final is None else one.placed.final])


numbers = st.one_of(st.none(), st.integers(0, 100).map(float))
shapes = st.sampled_from(
    [PLAIN, {"linear": [[0, 100], [100, 0]]}, {"steps": [{"up_to": 40, "score": 20}, {"score": 90}]}]
)
caps = st.sampled_from([[], [CAP], [{**CAP, "when": "measure.usage < 30"}], [{**CAP, "when": "overall < 20"}]])


@pytest.mark.slow
@given(numbers, numbers, st.integers(0, 100).map(float), shapes, shapes, caps, st.sampled_from(["yellow", "green"]))
def test_every_way_reaches_and_no_single_change_is_cheaper(
    usage: float | None, seats: float | None, spend: float, first: Any, second: Any, overrides: Any, label: str
) -> None:
    cards = {"main": card({"usage": {"weight": 2, "score": first}, "seats": {"weight": 1, "score": second}})}
    cards["main"]["overrides"] = overrides
    now = {"usage": usage, "seats": seats, "spend": spend}
    before = state(cards, NEW, row(**now))
    found = reach(before, "a", label)
    if found.reached:
        return
    for way in found.ways:
        after = _with(cards, now, way.changes)
        assert final(after) == pytest.approx(way.final)
        assert final(after) > BANDS[label]
    if found.ways and all(change.kind == "measure" for change in found.ways[0].changes):
        _nothing_cheaper(cards, now, before, found.ways[0].cost, label)


def _with(cards: Any, now: dict[str, Any], changes: Any) -> State:
    """The state with the values that a way proposes; an override that is to end is left out."""
    values = dict(now)
    ended = {change.name for change in changes if change.kind == "override"}
    for change in changes:
        if change.kind == "measure":
            side, _, number = change.words.rpartition(" ")
            values[change.name] = float(number) + (0.01 if side == "above" else 0.0) if number != "value" else 0.0
    left = [one for one in cards["main"]["overrides"] if one["name"] not in ended]
    return state({"main": {**cards["main"], "overrides": left}}, NEW, row(**values))


def _nothing_cheaper(cards: Any, now: dict[str, Any], before: State, cost: float, label: str) -> None:
    """All whole values of each measure, scored in one go; peers do not matter to these shapes."""
    own = before.scores.accounts.cards["main"]
    start = np.where(
        np.isnan(own.measure_scores[:, 0]), np.nan_to_num(own.group_scores[0, 0]), own.measure_scores[:, 0]
    )
    for j, name in enumerate(("usage", "seats")):
        rows = [row(f"{value:03}", **{**now, name: float(value)}) for value in range(101)]
        tried = state(cards, NEW, *rows)
        there = tried.scores.accounts.cards["main"]
        reaches = there.final > BANDS[label]
        spent = np.maximum(0.0, there.measure_scores[j] - start[j])
        better = np.isnan(own.measure_scores[j, 0]) | (there.measure_scores[j] > own.measure_scores[j, 0])
        assert not (reaches & better & (spent < cost - 1e-9)).any()
