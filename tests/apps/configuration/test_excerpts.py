"""One entry of a file as a text of its own, and back into its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.apps.configuration.document import Missing, read
from keepwell.apps.configuration.excerpts import excerpt, with_entry, with_excerpt
from keepwell.errors import RequestRefused

TEXT = """\
kinds:
  # what the first is
  first:  # behind it
    a: 1
# at the left edge
    b: |
      two
        lines
  second: {a: 2}
others: {x: {a: 1}, y: 2}
"""
PATHS = [("kinds", "first"), ("kinds", "second"), ("others", "x")]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_was_taken_out_and_put_back_changes_nothing(path: tuple[str, str], newline: str) -> None:
    text = TEXT.replace("\n", newline)
    again = with_excerpt(text, path, excerpt(text, path))
    assert read(again) == read(text)
    assert again.replace("  # at the left", "# at the left") == text


def test_an_excerpt_has_the_comments_of_its_entry() -> None:
    assert excerpt(TEXT, ("kinds", "first")).startswith(
        "# what the first is\nfirst:  # behind it\n  a: 1\n# at the left"
    )
    with pytest.raises(Missing):
        excerpt(TEXT, ("kinds", "third"))


@pytest.mark.slow
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True), st.integers(0, 9))
def test_an_entry_is_put_behind_the_others(keys: list[str], value: int) -> None:
    text = "".join(f"  {key}: {{v: 1}}  # {key}\n" for key in keys)
    found = with_entry(f"kinds:\n{text}", ("kinds",), f"new:\n  v: {value}\n")
    assert read(found)["kinds"] == {key: {"v": "1"} for key in keys} | {"new": {"v": str(value)}}
    assert all(f"# {key}\n" in found for key in keys)
    assert read(with_entry("", ("kinds",), "new: 1\n")) == {"kinds": {"new": "1"}}


def test_a_name_that_is_there_and_what_is_no_entry_are_refused() -> None:
    with pytest.raises(RequestRefused, match="there is a 'second' already"):
        with_excerpt(TEXT, ("kinds", "first"), "second: 1\n")
    for lines, said in (("- a\n", "one entry"), ("a: 1\nb: 1\n", "one entry"), ("a: [\n", "no YAML")):
        with pytest.raises(RequestRefused, match=said):
            with_excerpt(TEXT, ("kinds", "first"), lines)
