"""keepwell demo: the whole way, and the sums it shows."""

from __future__ import annotations

import math
import shlex
import shutil
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from keepwell.cli.demonstration.company import ready_company
from keepwell.cli.demonstration.verdict import Fate, below_best, fates, leavers
from keepwell.cli.portfolio.series import Series
from keepwell.cli.terminal.terminal import on_stdout
from keepwell.definitions.schemes import Band, Scheme
from tests.cli.project import Command

LABELS = ("red", "yellow", "green")
SCHEME = Scheme(bands=tuple(Band(label=label, up_to=up_to) for label, up_to in zip(LABELS, (50, 75, 100), strict=True)))


def series(*weeks: dict[str, str]) -> Series:
    """Each week the label of everybody who is there; everybody is worth 10."""
    found = Series()
    for week, labels in enumerate(weeks):
        scores = [math.nan if label == "unknown" else 40.0 for label in labels.values()]
        found.add(date(2026, 1, 3) + timedelta(weeks=week), labels, scores, labels.values(), [10.0] * len(labels))
    return found


STORY = series(
    {"a": "red", "b": "green", "c": "green", "d": "unknown"},
    {"a": "red", "b": "yellow", "c": "green", "d": "unknown", "e": "red"},
    {"b": "red", "c": "green", "d": "green", "e": "red"},
    {"c": "green", "d": "green", "e": "red"},
)


def test_what_became_of_each_label() -> None:
    assert fates(STORY, LABELS, 0) == [Fate("red", 1, 1, 10.0), Fate("yellow", 0, 0, 0.0), Fate("green", 2, 1, 10.0)]


def test_who_left_and_when_they_were_last_there() -> None:
    assert leavers(STORY, 0) == [("a", 2), ("b", 3)]
    assert leavers(STORY, 2) == [("b", 3)]


def test_how_many_were_below_green_among_those_with_a_score() -> None:
    assert below_best(STORY, SCHEME, [("a", 1), ("b", 1), ("c", 1), ("d", 1), ("a", 3)]) == (2, 3)


def test_a_share_counts_only_those_with_a_score() -> None:
    assert STORY.shares("red") == [1 / 3, 2 / 4, 2 / 4, 1 / 3]
    assert STORY.label("a", 3) is None
    assert math.isnan(STORY.score("d", 0))


@pytest.mark.slow
def test_the_demo_and_every_command_it_invites_to(
    keepwell: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = keepwell("demo", "--terminal", "--accounts", "60")
    assert (answer.code, answer.err) == (0, "")
    for heading in ("ARR is red", "Who needs attention", "One account, explained", "How the score did", "Try next"):
        assert heading in answer.out
    for command in [line.strip() for line in answer.out.split("Try next")[1].splitlines() if line.startswith("    ")]:
        words = shlex.split(command)
        if words[0] == "cp":
            shutil.copytree(words[2], words[3])
        else:
            assert keepwell(*words[1:]).code == 0
    assert (tmp_path / "scores.parquet").exists()


@pytest.mark.slow
def test_the_company_is_made_anew_and_definitions_that_somebody_worked_on_are_kept(tmp_path: Path) -> None:
    make = partial(ready_company, on_stdout(), tmp_path, accounts=50, seed=7, end=date(2026, 10, 31))
    make()
    tickets = tmp_path / "data" / "tickets.parquet"
    segments = tmp_path / "definitions" / "segments.yaml"
    first = tickets.read_bytes()
    tickets.unlink()
    segments.write_text(segments.read_text().replace("up_to: 50,", "up_to: 49,"))
    make()
    assert tickets.read_bytes() == first
    assert "up_to: 49" in segments.read_text()


def test_the_demo_leaves_data_of_others_alone(keepwell: Command, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.csv").write_text("precious")
    answer = keepwell("demo", "--terminal", "--data-dir", tmp_path)
    assert answer.code == 1
    assert "--data-dir" in answer.err
    assert (tmp_path / "data" / "mine.csv").read_text() == "precious"
