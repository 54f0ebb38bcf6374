"""Entries of a file renamed, reordered and moved to another map, with their comments, and nothing else changed."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.apps.configuration.arranging import exchanged, renamed, transferred
from keepwell.apps.configuration.document import read
from keepwell.errors import RequestRefused

TEXT = """\
groups:
  # how they use it
  use:
    weight: 3   # much
    measures:
      # counted by day
      days: {weight: 1}  # of two weeks

      # and by user
      users:
        weight: 2
        help: |
          Whoever signed in,

          once or more
  ties:
    weight: 1
    measures: {sponsor: {weight: 1, valid_for: 90 days}}
# the end
"""
USE, TIES = ("groups", "use", "measures"), ("groups", "ties", "measures")
ENTERPRISE = (files("keepwell.simulation") / "definitions" / "scorecard_enterprise.yaml").read_text()


def test_a_key_is_renamed_in_its_place_alone() -> None:
    assert renamed(TEXT, (*USE, "days"), "active_days") == TEXT.replace("days: {", "active_days: {")
    assert renamed(TEXT, (*TIES, "sponsor"), "champion") == TEXT.replace("{sponsor:", "{champion:")


def test_entries_change_places_with_their_comments() -> None:
    after = exchanged(TEXT, (*USE, "users"), -1)
    first, second = after.index("# and by user"), after.index("# counted by day")
    assert first < after.index("users:") < after.index("once or more") < second < after.index("days: {weight: 1}  # of")
    assert sorted(after.splitlines()) == sorted(TEXT.splitlines())
    assert exchanged(after, (*USE, "users"), 1) == TEXT


def test_groups_change_places_and_the_file_keeps_its_end() -> None:
    after = exchanged(TEXT, ("groups", "ties"), -1)
    assert after.startswith("groups:\n  ties:\n    weight: 1\n")
    assert after.endswith("once or more\n# the end\n")
    assert after.index("# how they use it") == after.index("  use:") - len("# how they use it\n")


def test_at_its_end_nothing_moves() -> None:
    assert exchanged(TEXT, ("groups", "use"), -1) == TEXT
    assert exchanged(TEXT, ("groups", "ties"), 1) == TEXT


def test_entries_in_braces_change_places() -> None:
    assert exchanged("a: {one: {x: 1}, two: 2, three: 3}", ("a", "one"), 1) == "a: {two: 2, one: {x: 1}, three: 3}"


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_stay(end: str, newline: str) -> None:
    text = "a:\n  one: 1  # first\n  two: 2".replace("\n", newline) + end.replace("\n", newline)
    after = exchanged(text, ("a", "two"), -1)
    assert after == "a:\n  two: 2\n  one: 1  # first".replace("\n", newline) + end.replace("\n", newline)


def test_an_entry_goes_to_another_map_with_its_comments() -> None:
    text = TEXT.replace(
        "measures: {sponsor: {weight: 1, valid_for: 90 days}}", "measures:\n          sponsor: {weight: 1}"
    )
    after = transferred(text, (*USE, "users"), TIES)
    assert "          sponsor: {weight: 1}\n          # and by user\n          users:\n            weight: 2\n" in after
    assert after.endswith("              once or more\n# the end\n")
    assert after.count("# and by user") == 1
    assert list(read(after)["groups"]["use"]["measures"]) == ["days"]


def test_the_last_of_a_map_leaves_it_empty_and_comes_back() -> None:
    text = TEXT.replace(
        "measures: {sponsor: {weight: 1, valid_for: 90 days}}", "measures:\n      # ours\n      sponsor: {weight: 1}"
    )
    after = transferred(text, (*TIES, "sponsor"), USE)
    assert read(after)["groups"]["ties"]["measures"] == {}
    assert after.count("# ours") == 1
    back = transferred(after, (*USE, "sponsor"), TIES)
    assert read(back) == read(text)
    assert "    measures:\n      # ours\n      sponsor: {weight: 1}\n# the end" in back


def test_to_and_from_braces() -> None:
    after = transferred(TEXT, (*TIES, "sponsor"), USE)
    assert "      sponsor: {weight: 1, valid_for: 90 days}\n" in after
    after = transferred(TEXT, (*USE, "days"), TIES)
    assert "measures: {sponsor: {weight: 1, valid_for: 90 days}, days: {weight: 1}}" in after


def test_a_map_that_is_missing_is_made() -> None:
    text = TEXT.replace("    measures: {sponsor: {weight: 1, valid_for: 90 days}}\n", "")
    after = transferred(text, (*USE, "days"), TIES)
    assert "    measures:\n      # counted by day\n      days: {weight: 1}  # of two weeks\n# the end" in after


def test_an_alias_is_left_to_the_text_editor() -> None:
    text = (
        "groups:\n  use:\n    measures:\n      days: &shared {weight: 1}\n      users: *shared\n  ties: {weight: 1}\n"
    )
    with pytest.raises(RequestRefused, match="edit the text below"):
        exchanged(text, (*USE, "users"), -1)


_GROUPS = list(read(ENTERPRISE)["scorecards"]["enterprise"]["groups"])


@pytest.mark.slow
@given(st.sampled_from(_GROUPS), st.sampled_from(_GROUPS), st.integers(0, 9), st.sampled_from([-1, 1]))
def test_whatever_is_moved_no_line_is_lost(source: str, target: str, number: int, by: int) -> None:
    at = ("scorecards", "enterprise", "groups")
    measures = list(read(ENTERPRISE)["scorecards"]["enterprise"]["groups"][source]["measures"])
    name = measures[number % len(measures)]
    after = exchanged(exchanged(ENTERPRISE, (*at, source), by), (*at, source, "measures", name), by)
    assert sorted(after.splitlines()) == sorted(ENTERPRISE.splitlines())
    if source != target:
        moved = transferred(after, (*at, source, "measures", name), (*at, target, "measures"))
        assert list(read(moved)["scorecards"]["enterprise"]["groups"][target]["measures"])[-1] == name
        words = sorted(moved.replace("measures: {}", "measures:").split())
        assert words == sorted(ENTERPRISE.split())
