"""Examples of definitions in the pages load, or are refused as the page says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from keepwell.definitions import load_project
from keepwell.definitions.json_schema import definition_schemas
from keepwell.errors import DefinitionsRefused
from keepwell.learning.optimizer.limits import Limits
from keepwell.text.topics.dictionary import Topics
from tests.docs.pages import DOCS, Block, folders, name_of, written
from tests.docs.pages import blocks as blocks_of

FOLDERS = [
    pytest.param(blocks, id=f"{name_of(page)} {name}".strip())
    for page in written()
    for name, blocks in folders(page).items()
]


@pytest.mark.parametrize("blocks", FOLDERS)
def test_examples_load(blocks: list[Block], tmp_path: Path) -> None:
    for number, block in enumerate(blocks):
        file = tmp_path / (block.file or f"block_{number}.yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        assert not file.exists(), f"{block.file} stands twice in one folder"
        file.write_text(block.text, "utf-8")
    root = tmp_path / Path(blocks[0].file or "").parent
    refusals = [block.refusal for block in blocks if block.refusal]
    if refusals:
        with pytest.raises(DefinitionsRefused) as refused:
            load_project(root)
        assert all(one in str(refused.value) for one in refusals), str(refused.value)
    else:
        load_project(root)


LIMITS = [block for page in written() for block in blocks_of(page) if block.mark == "limits"]


def test_there_are_examples_of_limits() -> None:
    assert LIMITS


@pytest.mark.parametrize("block", LIMITS)
def test_examples_of_limits_are_limits(block: Block) -> None:
    read = Limits.model_validate(_as_tuples(yaml.safe_load(block.text)))
    assert {field.alias or name for name, field in Limits.model_fields.items()} == set(yaml.safe_load(block.text))
    assert read


TOPICS = [block for page in written() for block in blocks_of(page) if block.mark == "topics"]


@pytest.mark.parametrize("block", TOPICS)
def test_examples_of_topics_are_topics(block: Block) -> None:
    assert Topics.model_validate(yaml.safe_load(block.text)).topics


@pytest.mark.slow
def test_every_key_stands_in_an_example_of_the_reference() -> None:
    used: set[str] = set()
    for block in folders(DOCS / "reference/definitions.md")[""]:
        used |= _keys(yaml.load(block.text, yaml.BaseLoader))
    known = {
        key for name, schema in definition_schemas().items() if name != "Expression" for key in schema["properties"]
    }
    assert known - used == set()


@pytest.mark.slow
def test_every_key_is_explained_in_the_reference() -> None:
    text = (DOCS / "reference/definitions.md").read_text("utf-8")
    for name, schema in definition_schemas().items():
        for key, about in schema["properties"].items():
            if name != "Expression":
                assert about.get("description"), f"{name}.{key} has no description"
                assert f"| `{key}` |" in text, f"{name}.{key} is not explained"


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(map(str, value)).union(*map(_keys, value.values()))
    return set().union(*map(_keys, value)) if isinstance(value, list) else set()


def _as_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_tuples(inner) for key, inner in value.items()}
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value
