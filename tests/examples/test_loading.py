"""Every example is valid as a whole and comes with a page that says how to run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.definitions import load_project
from tests.examples.reading import EXAMPLES

FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())


def test_there_are_examples() -> None:
    assert {path.name for path in FOLDERS} >= {"ravenstack", "fightchurn_crm5", "cdnow", "servicenow"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_an_example_loads(folder: Path) -> None:
    project = load_project(folder)
    assert project.scorecards
    assert project.datasets


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_an_example_names_no_place_for_its_data(folder: Path) -> None:
    """Paths come at run time: a pattern is relative to the folder given with --data."""
    for dataset in load_project(folder).datasets.values():
        assert dataset.file is not None
        assert not dataset.file.startswith(("/", "..", "~"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_an_example_says_how_to_run_it(folder: Path) -> None:
    page = (folder / "README.md").read_text()
    assert f"keepwell score examples/{folder.name} --data " in page
