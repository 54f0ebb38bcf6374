"""Whatever stands in a file, loading it gives a project or a list of issues with places: nothing else comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from keepwell.definitions import load_project, parse_project
from keepwell.definitions.issues import Issue
from keepwell.errors import DefinitionsRefused
from tests.definitions.test_loading import GOOD

WORDS = sorted({word.strip(" -{}[]:,'\"") for word in GOOD.replace("\n", " ").split(" ")} - {""})
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(WORDS), st.text(max_size=8))
KEYS = st.one_of(st.sampled_from(WORDS), st.text(max_size=6))
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
KINDS = ("schemes", "datasets", "metrics", "segments", "scorecards", "rules", "settings")


def issues_of(load: Callable[[], object]) -> Sequence[object]:
    try:
        load()
    except DefinitionsRefused as refused:
        return refused.problems
    return ()


def load_text(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "model.yaml").write_bytes(content)
        for issue in issues_of(lambda: load_project(folder)):
            assert isinstance(issue, Issue)
            assert issue.file
            assert issue.message


@pytest.mark.slow
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"\x00")
@example(b"a: \x85")
@example(b"%YAML 1.1\n---\na")
@example(b"--- a\n--- b")
@example(b"? ")
@example(b"<<: {a: 1}")
def test_any_bytes(content: bytes) -> None:
    load_text(content)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(KINDS), TREES, max_size=4))
@example({"metrics": {"a": {"formula": []}}})
@example({"scorecards": {"a": {"groups": {"g": {"measures": {"m": None}}}}}})
@example({"schemes": {"a": None}})
def test_any_tree(tree: dict[str, Any]) -> None:
    load_text(yaml.safe_dump(tree, allow_unicode=True).encode("utf-8", "replace"))
    issues_of(lambda: parse_project(tree))


@pytest.mark.slow
@given(st.data())
def test_a_good_file_with_one_word_replaced(data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(WORDS))
    other = data.draw(st.sampled_from(WORDS) | st.text(max_size=12))
    load_text(GOOD.replace(word, other, 1).encode("utf-8", "replace"))


@pytest.mark.parametrize("size", [20_000, 10_000_000])
def test_an_enormous_expression_is_refused_at_once(tmp_path: Path, size: int) -> None:
    (tmp_path / "model.yaml").write_text(GOOD.replace("seats >= 200", f"seats >= {'1 + ' * (size // 4)}1"))
    with pytest.raises(DefinitionsRefused) as caught:
        load_project(tmp_path)
    assert "at most 10000 characters" in str(caught.value) or "larger than 4 MB" in str(caught.value)


def test_a_map_where_an_expression_belongs_is_refused() -> None:
    """Found by replacing a word with '#', which made a comment of the rest of a line."""
    load_text(b"segments:\n  large: {}\n")
    load_text(GOOD.replace("score", "#", 1).encode())
