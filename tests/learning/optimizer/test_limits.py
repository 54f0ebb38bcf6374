"""limits.yaml: strict, and every error with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.definitions import load_project
from keepwell.definitions.project import Project
from keepwell.errors import DefinitionsRefused
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.optimizer.limits_reading import load_limits
from tests.learning.company import Company
from tests.learning.optimizer.asking import definitions


@pytest.fixture
def project(made: Company) -> Project:
    return load_project(definitions(made))


def read(project: Project, folder: Path, text: str) -> Limits:
    file = folder / "limits.yaml"
    file.write_text(text)
    return load_limits(file, project, "health")


@pytest.mark.slow
def test_everything_that_may_be_said(project: Project, tmp_path: Path) -> None:
    found = read(
        project,
        tmp_path,
        """\
fixed: [tickets]
weights: {logins: {at_least: 10, at_most: 60}}
groups: {use: {at_least: 50}}
most_measures: 4
direction: {logins_28d: higher_is_better}
additions: [tickets_90d]
leave_out: []
trust: [seats]
features: {dataset: logins, column: feature}
""",
    )
    assert found.weights["logins"].at_most == 60
    assert found.features is not None
    assert found.features.column == "feature"


@pytest.mark.slow
def test_an_empty_file_sets_none(project: Project, tmp_path: Path) -> None:
    assert read(project, tmp_path, "") == Limits()


@pytest.mark.slow
def test_every_mistake_is_told_with_its_line(project: Project, tmp_path: Path) -> None:
    with pytest.raises(DefinitionsRefused) as caught:
        read(
            project,
            tmp_path,
            "fixed: [tickts]\nweights:\n  logns: {at_least: 1}\ngroups: {usage: {at_least: 5}}\n"
            "direction:\n  tickets: higher_is_better\nadditions: [nothing]\nfeatures: {dataset: login, column: x}\n",
        )
    said = str(caught.value)
    for line, words in ((1, "did you mean 'tickets'"), (3, "did you mean 'logins'"), (4, "group of the card 'usage'")):
        assert f"limits.yaml:{line}:" in said
        assert words in said
    assert "limits.yaml:7: additions[0]: unknown metric 'nothing'" in said
    assert "limits.yaml:8: features.dataset: unknown dataset 'login'" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fixd: [tickets]\n", ":1: fixd: unknown key 'fixd'; did you mean 'fixed'?"),
        ("most_measures: few\n", ":1: most_measures: found the text 'few' where a whole number is needed"),
        ("weights:\n  logins: {at_least: 60, at_most: 10}\n", ":2: weights.logins: at_least 60 is above at_most 10"),
        ("weights: {logins: {at_least: 70}, tickets: {at_least: 40}}\n", "add up to 110 per cent"),
        ("fixed: [tickets]\nleave_out: [tickets]\n", "'tickets' is fixed and left out"),
        ("fixed: [tickets, logins]\nmost_measures: 1\n", "2 measures must stay"),
        ("direction: {logins: up}\n", "higher_is_better, lower_is_better"),
        ("- a list\n", "limits are a map"),
        (
            "groups: {use: {at_least: 5}}\nleave_out: [logins, tickets]\n",
            "every measure of the group 'use' is left out",
        ),
    ],
)
def test_what_cannot_be_met_or_read(project: Project, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DefinitionsRefused) as caught:
        read(project, tmp_path, text)
    assert words in str(caught.value)


@pytest.mark.slow
def test_a_file_that_is_not_there(project: Project, tmp_path: Path) -> None:
    with pytest.raises(DefinitionsRefused, match="cannot be read"):
        load_limits(tmp_path / "none.yaml", project, "health")
