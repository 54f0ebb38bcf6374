"""Every step of the attribution once by hand, then that parts add up for whatever two states."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.engine.explain import Attribution, State, attribute
from keepwell.engine.score import score_values
from tests.engine.asking import entities_of, entry, values_of
from tests.engine.explain.drawing import METRICS, NEW, OLD, TWO, card, row, state, states
from tests.examples_tried import at_most


def parts_of(found: Attribution) -> list[tuple[str, str | None, float]]:
    assert found.change == pytest.approx(sum(part.change for part in found.parts), abs=1e-9)
    for part in found.parts:
        if part.details:
            assert part.change == pytest.approx(sum(detail.change for detail in part.details), abs=1e-9)
    return [(part.kind, part.measure, round(part.change, 6)) for part in found.parts]


def test_data_are_old_weights_times_the_change_of_each_score() -> None:
    """0.75 x (40 - 80) and 0.25 x (60 - 20)."""
    found = attribute(state(TWO, OLD, row(usage=80, seats=20)), state(TWO, NEW, row(usage=40, seats=60)), "a")
    assert (found.old_final, found.new_final, found.change) == (65, 45, -20)
    assert parts_of(found) == [("data", "usage", -30), ("data", "seats", 10)]
    assert found.parts[0].words == "usage went from 80 to 40: it scores 40 instead of 80, at 75% of the weight"


def test_a_missing_value_is_coverage() -> None:
    """65 becomes 80: 0.25 of the weight leaves a 20, 45 below 65 (11.25), and goes to an 80, 15 above (3.75)."""
    found = attribute(state(TWO, OLD, row(usage=80, seats=20)), state(TWO, NEW, row(usage=80)), "a")
    assert parts_of(found) == [("freshness", None, 15)]
    details = {one.measure: (round(one.change, 6), one.words) for one in found.parts[0].details}
    assert details == {
        "usage": (3.75, "it has 100% of the weight instead of 75%, since others count less"),
        "seats": (11.25, "it has no score any more"),
    }


def test_decay_is_freshness() -> None:
    """The sponsor's 90 counts in full with usage's 30 at first (60), for half later: (30 + 45) / 1.5 = 50."""
    cards = {
        "main": card(
            {
                "usage": {"weight": 1},
                "sponsor": {"weight": 1, "manual": True, "valid_for": "20 days", "when_stale": "decay"},
            }
        )
    }
    ledger = [entry("a", "sponsor", 90, date(2026, 10, 1))]
    old = state(cards, date(2026, 10, 1), row(usage=30), entries=ledger)
    found = attribute(old, state(cards, NEW, row(usage=30), entries=ledger), "a")
    assert parts_of(found) == [("freshness", None, -10)]
    assert "it counts for 50% of its weight instead of 100%" in [one.words for one in found.parts[0].details]


def test_a_percentile_that_moved_while_its_value_stayed_is_peers() -> None:
    cards = {"main": card({"spend": {"weight": 1, "score": {"percentile": {}}}})}
    old = state(cards, OLD, row(spend=5), row("b", spend=1), row("c", spend=2))
    found = attribute(old, state(cards, NEW, row(spend=5), row("b", spend=9), row("c", spend=2)), "a")
    assert parts_of(found) == [("peers", "spend", -50)]
    moved = attribute(old, state(cards, NEW, row(spend=4), row("b", spend=9), row("c", spend=2)), "a")
    assert parts_of(moved) == [("data", "spend", -50)]


def test_overrides_are_the_change_of_final_minus_computed() -> None:
    bounded = card(
        {"usage": {"weight": 1}}, overrides=[{"name": "cap", "when": "seats > 5", "effect": {"at_most": 50}}]
    )
    old = state({"main": bounded}, OLD, row(usage=80, seats=1))
    found = attribute(old, state({"main": bounded}, NEW, row(usage=90, seats=9)), "a")
    assert parts_of(found) == [("data", "usage", 10), ("overrides", None, -40)]
    assert found.parts[1].words == "cap (at most 50) now moves the score"


def test_a_new_card_comes_before_new_data() -> None:
    """On the other card the old data give 20 (65 - 45); then its seats go from 20 to 60."""
    cards = {
        "large": {**card({"seats": {"weight": 1}}), "order": 1, "applies_to": "seats >= 50"},
        "rest": {**TWO["main"], "order": 2},
    }
    found = attribute(state(cards, OLD, row(usage=80, seats=20)), state(cards, NEW, row(usage=80, seats=60)), "a")
    assert (found.old_scorecard, found.new_scorecard) == ("rest", "large")
    assert parts_of(found) == [("assignment", None, -45), ("data", "seats", 40)]
    assert found.parts[0].words == "scorecard large instead of rest"


def test_definitions_are_judged_on_old_data() -> None:
    """Equal weights score the old data 50 instead of 65; then usage falls by 40 at half the weight."""
    even = {"main": card({"usage": {"weight": 1}, "seats": {"weight": 1}})}
    found = attribute(state(TWO, OLD, row(usage=80, seats=20)), state(even, NEW, row(usage=40, seats=20)), "a")
    assert parts_of(found) == [("definition", None, -15), ("data", "usage", -20)]
    assert {one.measure: one.words for one in found.parts[0].details} == {
        "usage": "it has 50% of the weight instead of 75%",
        "seats": "it has 50% of the weight instead of 25%",
    }


def test_a_metric_that_the_old_values_do_not_have_goes_to_definition_with_a_note() -> None:
    some = {name: METRICS[name] for name in ("usage", "seats")}
    cards = {"main": card({**{n: {"weight": 1} for n in ("usage", "spend")}})}
    old = state({"main": card({"usage": {"weight": 1}})}, OLD, {"id": "a", "usage": 80, "seats": 1}, metrics=some)
    found = attribute(old, state(cards, NEW, row(usage=60, spend=20)), "a")
    assert parts_of(found) == [("definition", None, -20), ("data", "usage", -20)]
    assert any("do not have spend" in note for note in found.notes)


def test_a_metric_that_had_another_type_counts_as_missing() -> None:
    levels = {"levels": {"high": 90}, "else": 0}
    cards = {"main": card({"seats": {"weight": 1}, "usage": {"weight": 1, "score": levels}})}
    new = state(cards, NEW, row(usage="high", seats=50))
    found = attribute(state(TWO, OLD, row(usage=80, seats=20)), new, "a")
    assert parts_of(found) == [("definition", None, -25), ("data", "seats", 30)]
    assert any("do not have usage" in note for note in found.notes)


def test_values_of_the_old_date_by_the_new_definitions_tell_it_apart() -> None:
    some = {name: METRICS[name] for name in ("usage", "seats")}
    cards = {"main": card({**{n: {"weight": 1} for n in ("usage", "spend")}})}
    old = state({"main": card({"usage": {"weight": 1}})}, OLD, {"id": "a", "usage": 80, "seats": 1}, metrics=some)
    rebuilt = values_of(entities_of([row(usage=80, spend=40)], metrics=METRICS), as_of=OLD)
    found = attribute(old, state(cards, NEW, row(usage=60, spend=20)), "a", rebuilt=rebuilt)
    assert parts_of(found) == [("definition", None, -20), ("data", "usage", -10), ("data", "spend", -10)]
    assert found.notes == ()


def test_a_metric_defined_anew_is_noted() -> None:
    anew = {**METRICS, "usage": {"formula": "seats * 2"}}
    cards = {"main": card({"usage": {"weight": 1}})}
    found = attribute(state(cards, OLD, row(usage=80)), state(cards, NEW, row(usage=60), metrics=anew), "a")
    assert parts_of(found) == [("data", "usage", -20)]
    assert found.notes[0].startswith("the earlier values of usage were read by an earlier definition")


def test_old_data_without_a_score_on_the_new_card_leave_one_part_and_a_note() -> None:
    cards = {
        "large": {**card({"spend": {"weight": 1}}), "order": 1, "applies_to": "seats >= 50"},
        "rest": {**TWO["main"], "order": 2},
    }
    new = state(cards, NEW, row(usage=80, seats=60, spend=10))
    found = attribute(state(cards, OLD, row(usage=80, seats=20)), new, "a")
    assert parts_of(found) == [("assignment", None, -55)]
    assert found.notes[-1] == "what the data changed cannot be told apart, and stands under assignment"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ([row("b", usage=1)], [row(usage=1)], "at 2026-09-30 it was not in the population"),
        ([row(usage=1)], [row()], "at 2026-10-31 its score was unknown: no group of positive weight has a score"),
    ],
)
def test_without_a_score_at_either_end_there_is_only_a_reason(old: Any, new: Any, reason: str) -> None:
    found = attribute(state(TWO, OLD, *old), state(TWO, NEW, *new), "a")
    assert (found.change, found.parts, found.reason) == (None, (), reason)


def test_a_score_set_by_hand_where_none_is_computed_is_not_split() -> None:
    ledger = [{"entity": "a", "effect": "set", "value": "40"}]
    found = attribute(state(TWO, OLD, row(), overrides=ledger), state(TWO, NEW, row(usage=80)), "a")
    assert found.parts == ()
    assert str(found.reason).startswith("at 2026-09-30 its score was set by hand and none was computed")


@pytest.mark.slow
@at_most(60)
@given(st.data())
def test_parts_add_up_for_whatever_changes(data: st.DataObject) -> None:
    old = data.draw(states(OLD))
    new = data.draw(states(NEW))
    if data.draw(st.booleans()):  # half of them keep their definitions
        new = State(old.project, new.values, score_values(old.project, new.values))
    ids = {*old.values.accounts.ids.to_pylist(), *new.values.accounts.ids.to_pylist()}
    for entity in sorted(str(one) for one in ids):
        found = attribute(old, new, entity)
        if found.reason is None:
            parts_of(found)
        else:
            assert found.parts == ()


@pytest.mark.slow
@at_most(30)
@given(st.data())
def test_nothing_changes_between_a_state_and_itself(data: st.DataObject) -> None:
    one = data.draw(states(OLD))
    for entity in one.values.accounts.ids.to_pylist():
        found = attribute(one, one, str(entity))
        assert found.parts == ()
