"""Forms and documents: what is typed is written, what is not typed stays, what two people type is never lost."""

from __future__ import annotations

import difflib
from importlib.resources import files as resources

import pytest

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.scorecards.editing import (
    card_of,
    cards_in,
    edited,
    field_of_issue,
    fields_of,
    held_at,
    with_card,
    with_override_moved,
    with_part,
    without_card,
    without_part,
)  # fmt: skip
from keepwell.errors import RequestRefused

_SHIPPED = resources("keepwell.simulation") / "definitions"
FILES = {one.name: one.read_text() for one in _SHIPPED.iterdir() if one.name.endswith(".yaml")}
USE = "groups/adoption/measures/seat_utilisation"


def typed_of(files: dict[str, str], name: str) -> dict[str, str]:
    """What the form of a card sends when nobody touched it."""
    card = card_of(files, name)
    assert card is not None
    return {key: value for field in fields_of(card) for key, value in field.shown(held_at(card, field.path)).items()}


def lines(before: dict[str, str], after: dict[str, str]) -> list[str]:
    found = []
    for path in sorted({*before, *after}):
        both = before.get(path, "").splitlines(), after.get(path, "").splitlines()
        found += [line for line in difflib.ndiff(*both) if line[0] in "+-"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["enterprise", "everyone_else", "unit"])
def test_a_form_that_nobody_touched_changes_no_byte(name: str) -> None:
    assert edited(FILES, FILES, name, typed_of(FILES, name)).files == FILES


def test_a_field_that_was_not_sent_stays() -> None:
    assert edited(FILES, FILES, "enterprise", {}).files == FILES


@pytest.mark.slow
def test_weights_conditions_and_policies_are_written_where_they_stand() -> None:
    typed = typed_of(FILES, "enterprise") | {
        "groups/adoption/weight": "40",
        f"{USE}/valid_for": "14 days",
        f"{USE}/when_stale": "drop",
        f"{USE}/when_missing": "score",
        f"{USE}/when_missing/score": "55",
        "applies_to": "in_segment('large') and seats > 10",
        "overrides/0/effect/value": "red",
    }
    done = edited(FILES, FILES, "enterprise", typed)
    project = project_of(done.files)
    card = project.scorecards["enterprise"]
    measure = card.measures["seat_utilisation"]
    assert (card.groups["adoption"].weight, measure.valid_for, measure.when_stale) == (40, 14, "drop")
    assert measure.when_missing.score == 55  # type: ignore[union-attr]
    assert str(card.overrides[0].effect.value) == "red"
    assert len([line for line in lines(FILES, done.files) if line[0] == "-"]) == 3
    assert "# less than half" in done.files["scorecard_enterprise.yaml"]


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["linear", "steps", "levels", "percentile", "formula"])
def test_every_shape_can_be_chosen_and_left_again(shape: str) -> None:
    typed = typed_of(FILES, "enterprise") | {f"{USE}/score": shape}
    once = edited(FILES, FILES, "enterprise", typed).files
    card = card_of(once, "enterprise")
    assert shape in held_at(card, ("groups", "adoption", "measures", "seat_utilisation", "score"))
    typed = typed_of(once, "enterprise") | {f"{USE}/score": "linear", f"{USE}/score/0/0": "0", f"{USE}/score/0/1": "10"}
    again = edited(once, once, "enterprise", typed).files
    project_of(again)


@pytest.mark.slow
def test_a_knot_comes_from_the_empty_row_and_goes_when_it_is_emptied() -> None:
    typed = typed_of(FILES, "enterprise")
    more = edited(FILES, FILES, "enterprise", typed | {f"{USE}/score/4/0": "1", f"{USE}/score/4/1": "90"}).files
    assert "[0.85, 100], [1, 90]]" in more["scorecard_enterprise.yaml"]
    gone = edited(FILES, FILES, "enterprise", typed | {f"{USE}/score/0/0": "", f"{USE}/score/0/1": ""}).files
    assert "{linear: [[0.4, 40]" in gone["scorecard_enterprise.yaml"]


def test_what_is_no_number_is_kept_as_typed_for_the_language_to_refuse() -> None:
    done = edited(FILES, FILES, "enterprise", typed_of(FILES, "enterprise") | {"groups/adoption/weight": "a lot"})
    assert "weight: a lot" in done.files["scorecard_enterprise.yaml"]


@pytest.mark.slow
def test_two_people_change_different_fields_and_both_stand() -> None:
    hers = edited(FILES, FILES, "enterprise", typed_of(FILES, "enterprise") | {"groups/adoption/weight": "40"}).files
    his = edited(FILES, hers, "enterprise", typed_of(FILES, "enterprise") | {"groups/voice/weight": "12"})
    card = card_of(his.files, "enterprise")
    assert his.conflicts == ()
    assert (held_at(card, ("groups", "adoption", "weight")), held_at(card, ("groups", "voice", "weight"))) == (
        "40",
        "12",
    )


@pytest.mark.slow
def test_of_one_field_the_first_stands_and_the_second_is_told() -> None:
    hers = edited(FILES, FILES, "enterprise", typed_of(FILES, "enterprise") | {"groups/adoption/weight": "40"}).files
    his = edited(FILES, hers, "enterprise", typed_of(FILES, "enterprise") | {"groups/adoption/weight": "50"})
    (conflict,) = his.conflicts
    assert his.files == hers
    assert (conflict.was, conflict.theirs, conflict.mine) == ("35", "40", "50")
    assert conflict.inputs == {"groups/adoption/weight": "50"}


@pytest.mark.slow
def test_an_override_is_found_by_its_name_when_another_moved_it() -> None:
    hers = with_override_moved(FILES, "enterprise", "urgent_ticket", 1)
    his = edited(FILES, hers, "enterprise", typed_of(FILES, "enterprise") | {"overrides/0/reason": "Other words"})
    overrides = project_of(his.files).scorecards["enterprise"].overrides
    assert [(one.name, one.reason) for one in overrides[:2]] == [
        ("urgent_tickets", "Two urgent tickets are open"), ("urgent_ticket", "Other words"),
    ]  # fmt: skip


@pytest.mark.slow
def test_parts_come_and_go() -> None:
    group = {
        "weight": 5,
        "measures": {"seats_again": {"metric": "seat_utilisation", "weight": 1, "score": {"formula": "value"}}},
    }
    more = with_part(FILES, "enterprise", ("groups", "extra"), group)
    assert project_of(more).scorecards["enterprise"].groups["extra"].weight == 5
    assert without_part(more, "enterprise", ("groups", "extra")) == FILES
    assert without_part(FILES, "enterprise", ("groups", "no_such")) == FILES
    with pytest.raises(RequestRefused, match="already"):
        with_part(FILES, "enterprise", ("groups", "adoption"), group)


def test_a_card_comes_in_a_file_of_its_own_and_goes_with_it() -> None:
    card = {
        "order": 9,
        "scheme": "traffic_light",
        "groups": {
            "use": {"weight": 1, "measures": {"seat_utilisation": {"weight": 1, "score": {"formula": "value"}}}}
        },
    }
    more = with_card(FILES, "pilot", card)
    assert list(cards_in(more))[:3] == ["enterprise", "everyone_else", "pilot"]
    assert project_of(more).scorecards["pilot"].order == 9
    assert without_card(more, "pilot") == FILES


def test_an_issue_stands_beside_its_field() -> None:
    names = typed_of(FILES, "enterprise")
    at = "scorecards.enterprise.groups.adoption.measures.seat_utilisation"
    assert field_of_issue(f"{at}.score.linear[0][1]", "enterprise", names) == f"{USE}/score"
    assert field_of_issue(f"{at}.weight", "enterprise", names) == f"{USE}/weight"
    assert field_of_issue("scorecards.enterprise.overrides[1].when", "enterprise", names) == "overrides/1/when"
    assert field_of_issue("scorecards.enterprise", "enterprise", names) == ""
    assert field_of_issue("metrics.seats", "enterprise", names) is None
