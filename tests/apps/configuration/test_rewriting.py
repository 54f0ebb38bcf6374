"""What a form changes in a YAML file, and that nothing else changes."""

from __future__ import annotations

import difflib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.apps.configuration.document import read
from keepwell.apps.configuration.rewriting import appended, same, swapped, with_value, without
from keepwell.errors import RequestRefused

ENTERPRISE = (files("keepwell.simulation") / "definitions" / "scorecard_enterprise.yaml").read_text()
CARD = ("scorecards", "enterprise")
MEASURES = (*CARD, "groups", "adoption", "measures")


def changed(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_a_weight_is_changed_in_its_place_alone() -> None:
    after = with_value(ENTERPRISE, (*CARD, "groups", "adoption", "weight"), 40)
    assert changed(ENTERPRISE, after) == ["-         weight: 35", "+         weight: 40"]


def test_a_comment_behind_a_value_stays() -> None:
    after = with_value(ENTERPRISE, (*CARD, "minimum_coverage"), 0.6)
    assert "    minimum_coverage: 0.6           # less than half" in after


def test_a_knot_within_braces_is_changed_alone() -> None:
    score = {"linear": [[0.1, 0], [0.4, 40], [0.7, 75], [0.85, 100]]}
    after = with_value(ENTERPRISE, (*MEASURES, "seat_utilisation", "score"), score)
    assert "score: {linear: [[0.1, 0], [0.4, 40], [0.7, 75], [0.85, 100]]}" in after
    assert len(changed(ENTERPRISE, after)) == 2


def test_another_shape_takes_the_place_of_the_score() -> None:
    after = with_value(ENTERPRISE, (*MEASURES, "seat_utilisation", "score"), {"formula": "value * 100"})
    assert "            score: {formula: value * 100}\n" in after


def test_the_same_value_changes_nothing() -> None:
    assert with_value(ENTERPRISE, (*CARD, "groups", "adoption", "weight"), 35.0) == ENTERPRISE


def test_a_new_key_comes_below_the_others() -> None:
    after = with_value(ENTERPRISE, (*MEASURES, "sticky_features", "valid_for"), "30 days")
    assert changed(ENTERPRISE, after) == ['+             valid_for: "30 days"'] or changed(ENTERPRISE, after) == [
        "+             valid_for: 30 days"
    ]


def test_what_is_missing_on_the_way_is_made() -> None:
    after = with_value("metrics:\n  a: {attribute: a}\n", ("scorecards", "new", "groups", "g", "weight"), 1)
    assert read(after)["scorecards"] == {"new": {"groups": {"g": {"weight": "1"}}}}
    assert after.startswith("metrics:\n  a: {attribute: a}\n")


def test_a_key_goes_with_its_line() -> None:
    after = without(ENTERPRISE, (*MEASURES, "active_users_change", "when_missing"))
    assert [line[0] for line in changed(ENTERPRISE, after)] == ["-"]


def test_the_first_key_and_the_last_key_go() -> None:
    text = "a:\n  b: 1  # one\n  c: 2\n"
    assert without(text, ("a", "b")) == "a:\n  c: 2\n"
    assert without(without(text, ("a", "b")), ("a", "c")) == "a: {}\n"


def test_keys_within_braces_come_and_go() -> None:
    assert with_value("a: {b: 1}\n", ("a", "c"), "x, y") == 'a: {b: 1, c: "x, y"}\n'
    assert without("a: {b: 1, c: 2}\n", ("a", "c")) == "a: {b: 1}\n"
    assert without("a: {b: 1, c: 2}\n", ("a", "b")) == "a: {c: 2}\n"


def test_an_override_is_added_removed_and_moved() -> None:
    path = (*CARD, "overrides")
    more = appended(ENTERPRISE, path, {"name": "new_one", "when": "overall > 3", "effect": {"at_most": "red"}})
    assert len(read(more)["scorecards"]["enterprise"]["overrides"]) == 6
    assert all(line[0] == "+" for line in changed(ENTERPRISE, more))
    assert without(more, (*path, 5)) == ENTERPRISE
    names = [one["name"] for one in read(swapped(ENTERPRISE, path, 0, 1))["scorecards"]["enterprise"]["overrides"]]
    assert names[:3] == ["urgent_tickets", "urgent_ticket", "sponsor_lost"]
    assert swapped(swapped(ENTERPRISE, path, 0, 1), path, 0, 1) == ENTERPRISE


def test_windows_line_ends_and_a_missing_last_one_stay() -> None:
    assert with_value("a:\r\n  b: 1\r\nc: 2\r\n", ("a", "d"), 3) == "a:\r\n  b: 1\r\n  d: 3\r\nc: 2\r\n"
    assert with_value("a: 1", ("a",), 2) == "a: 2"


def test_a_shared_value_is_left_to_the_text_editor() -> None:
    with pytest.raises(RequestRefused, match="edit the text"):
        with_value("a: &x {b: 1}\nc: *x\n", ("c", "b"), 2)


names = st.sampled_from(["a", "b_1", "true", "weight", "x y"])
scalars = st.one_of(
    st.integers(-5, 99), st.floats(-9, 9).map(lambda one: round(one, 3)), st.booleans(),
    st.text("ab:#{}[],'\"- \n\té€", min_size=1, max_size=12),
)  # fmt: skip
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=6,
)
paths = st.sampled_from(
    [
        (*CARD, "title"), (*CARD, "groups", "voice"), (*CARD, "help"), (*MEASURES, "seat_utilisation", "score"),
        (*MEASURES, "new_one"), (*CARD, "overrides", 0, "when"), (*CARD, "overrides"), ("segments", "x"),
        (*CARD, "groups", "relationship", "measures", "csm_pulse", "levels"), (*MEASURES, "seat_utilisation", "help"),
    ]
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(st.tuples(paths, trees), min_size=1, max_size=4))
def test_what_is_put_is_read_again_and_the_rest_stays(changes: list[tuple[Any, Any]]) -> None:
    text = ENTERPRISE
    for path, value in changes:
        try:
            after = with_value(text, path, value)
        except (RequestRefused, KeyError, IndexError, TypeError):
            continue
        held: Any = read(after)
        for step in path:
            held = held[step]
        assert same(held, value)
        for group in read(ENTERPRISE)["scorecards"]["enterprise"]["groups"].keys() - {
            "voice",
            "adoption",
            "relationship",
        }:
            assert (
                read(after)["scorecards"]["enterprise"]["groups"][group]
                == read(text)["scorecards"]["enterprise"]["groups"][group]
            )
        text = after


@pytest.mark.slow
@given(paths, scalars)
def test_a_scalar_can_be_put_anywhere(path: Any, value: Any) -> None:
    held: Any = read(with_value(ENTERPRISE, path, value))
    for step in path:
        held = held[step]
    assert same(held, value)
