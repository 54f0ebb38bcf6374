"""Whom a draft moves, by how much, and why."""

from __future__ import annotations

from typing import Any

import pytest

from keepwell.engine.explain import BandTotal, Comparison, Mover, State, attribute, compare
from keepwell.engine.score import score_values
from keepwell.errors import RequestRefused
from tests.engine.asking import project_of
from tests.engine.explain.drawing import METRICS, NEW, OLD, TWO, card, row, state


def compared(current: dict[str, Any], draft: dict[str, Any], *rows: dict[str, Any], **more: Any) -> Comparison:
    return compare(state(current, NEW, *rows, **more), state(draft, NEW, *rows, **more))


def only(found: Comparison) -> Mover:
    (mover,) = found.movers
    return mover


EVEN = {"main": card({"usage": {"weight": 1}, "seats": {"weight": 1}})}


def test_movers_come_with_scores_labels_and_the_largest_reason() -> None:
    """a: 80 x 0.75 + 20 x 0.25 = 65 becomes 50, b and c keep their bands."""
    rows = [row(usage=80, seats=20), row("b", usage=10, seats=10), row("c", usage=90, seats=80)]
    found = compared(TWO, EVEN, *rows)
    mover = only(found)
    assert (mover.entity_id, mover.old_final, mover.new_final, mover.change) == ("a", 65, 50, -15)
    assert (mover.old_label, mover.new_label, mover.direction) == ("yellow", "red", "down")
    assert mover.reason == "seats: it has 50% of the weight instead of 25% (-11.2)"
    assert (found.up, found.down, found.other, found.changed, found.new_card) == (0, 1, 0, 2, 0)
    assert found.bands == (BandTotal("red", 1, 2), BandTotal("yellow", 1, 0), BandTotal("green", 1, 1))
    assert found.entities.column("change").to_pylist() == [-15, 0, -2.5]


def test_a_measure_that_comes_or_goes_is_named() -> None:
    three = {"main": card({"usage": {"weight": 3}, "seats": {"weight": 1}, "spend": {"weight": 4}})}
    data = row(usage=80, seats=20, spend=5)
    assert (
        only(compared(TWO, three, data)).reason
        == "spend: it is new on the card and scores 5 at 50% of the weight (-30.0)"
    )
    back = only(compared(three, TWO, data))
    assert (back.direction, back.change) == ("up", 30)
    assert back.reason == "usage: it has 75% of the weight instead of 38% (+16.9)"


def test_another_shape_is_another_score() -> None:
    shaped = {"main": card({"usage": {"weight": 3, "score": {"linear": [[0, 0], [200, 100]]}}, "seats": {"weight": 1}})}
    mover = only(compared(TWO, shaped, row(usage=80, seats=20)))
    assert mover.reason == "usage: it scores 40 instead of 80 (-30.0)"


def test_an_override_that_comes_is_the_reason() -> None:
    capped = {
        "main": {**TWO["main"], "overrides": [{"name": "cap", "when": "seats < 50", "effect": {"at_most": "red"}}]}
    }
    assert only(compared(TWO, capped, row(usage=80, seats=20))).reason == "cap now applies (-15.0)"
    assert only(compared(capped, TWO, row(usage=80, seats=20))).reason == "cap no longer applies (+15.0)"


def test_another_card_is_judged_as_it_was() -> None:
    """The card `large` gives 20 where `rest` gave 65; only whom it is for has changed."""
    large = {**card({"seats": {"weight": 1}}), "order": 1}
    rest = {**TWO["main"], "order": 2}
    current = {"large": {**large, "applies_to": "seats >= 50"}, "rest": rest}
    draft = {"large": {**large, "applies_to": "seats >= 10"}, "rest": rest}
    found = compared(current, draft, row(usage=80, seats=20))
    assert only(found).reason == "scorecard large instead of rest (-45.0)"
    assert found.new_card == 1


def test_a_card_that_was_not_there_is_all_assignment() -> None:
    current = {"rest": {**TWO["main"], "order": 2}}
    draft = {"large": {**card({"seats": {"weight": 1}}), "order": 1}, **current}
    assert only(compared(current, draft, row(usage=80, seats=20))).reason == "scorecard large instead of rest (-45.0)"


def test_unassigned_and_unknown_say_what_happened() -> None:
    some = {"main": {**TWO["main"], "applies_to": "seats > 50"}}
    found = compared(TWO, some, row(usage=80, seats=20))
    assert (only(found).reason, only(found).direction) == ("now no scorecard applies to it", "other")
    assert (found.newly_unassigned, found.newly_assigned) == (("a",), ())
    assert found.bands[-1] == BandTotal("unassigned", 0, 1)
    covered = {"main": {**TWO["main"], "minimum_coverage": 0.8}}
    unknown = compared(TWO, covered, row(usage=80))
    assert only(unknown).reason == "now only 75% of the weight is observed, and the card asks for 80%"
    assert unknown.bands[-1] == BandTotal("unknown", 0, 1)
    back = compared(covered, TWO, row(usage=80))
    assert only(back).reason == "before, only 75% of the weight is observed, and the card asks for 80%"


def test_bands_drawn_differently_move_without_a_change_of_score() -> None:
    strict = {"main": {**TWO["main"], "scheme": "strict"}}
    schemes = {"strict": {"bands": [{"label": "red", "up_to": 70}, {"label": "green", "up_to": 100}]}}
    rows = [row(usage=80, seats=20)]
    old = state(TWO, NEW, *rows)
    project = project_of(strict, METRICS, schemes=schemes)
    found = compare(old, State(project, old.values, score_values(project, old.values)))
    assert only(found).reason == "the bands are drawn differently: 65 is red instead of yellow"
    assert [band.label for band in found.bands] == ["red", "yellow", "green"]


def test_numbers_without_bands_change_but_do_not_move() -> None:
    states = []
    for cards in (TWO, EVEN):
        project = project_of({"main": {**cards["main"], "scheme": "plain"}}, METRICS, schemes={"plain": {}})
        values = state(TWO, NEW, row(usage=80, seats=20)).values
        states.append(State(project, values, score_values(project, values)))
    found = compare(*states)
    assert (found.movers, found.changed, found.bands) == ((), 1, (BandTotal("no bands", 1, 1),))


def test_two_dates_are_refused() -> None:
    with pytest.raises(RequestRefused, match="at one date"):
        compare(state(TWO, OLD, row(usage=1)), state(TWO, NEW, row(usage=1)))


def test_changes_agree_with_the_attribution_of_each_account() -> None:
    shaped = {"main": card({"usage": {"weight": 1, "score": {"linear": [[0, 100], [100, 0]]}}, "spend": {"weight": 1}})}
    rows = [row(name, usage=7.0 * place, seats=50, spend=90 - place) for place, name in enumerate("abcdefgh")]
    old, new = state(TWO, NEW, *rows), state(shaped, NEW, *rows)
    found = compare(old, new)
    changes = dict(zip(found.entities["entity_id"].to_pylist(), found.entities["change"].to_pylist(), strict=True))
    for entity, change in changes.items():
        attributed = attribute(old, new, entity, rebuilt=new.values)
        assert attributed.change == pytest.approx(change)
        assert {part.kind for part in attributed.parts} == {"definition"}


def test_no_more_movers_are_named_than_asked_for_and_only_those_among_the_ids() -> None:
    rows = [row(usage=80, seats=20), row("b", usage=90, seats=10), row("c", usage=80, seats=20)]
    whole = compared(TWO, EVEN, *rows)
    assert len(whole.movers) == 3
    states = state(TWO, NEW, *rows), state(EVEN, NEW, *rows)
    few = compare(*states, most=1)
    assert (few.movers, few.down, few.bands) == (whole.movers[:1], 3, whole.bands)
    assert [one.entity_id for one in compare(*states, most=5, among={"c", "elsewhere"}).movers] == ["c"]
