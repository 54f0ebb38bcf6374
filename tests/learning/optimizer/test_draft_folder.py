"""The folder that `keepwell optimize` writes: complete, loadable, and scored with nothing else."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from keepwell.cli.app import run
from keepwell.definitions import load_project
from tests.learning.company import Company
from tests.learning.optimizer.asking import definitions

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(made: Company) -> Path:
    """Definitions in several files, with comments, and the data beside them."""
    with made.data():
        found = definitions(made)
    text = (found / "health.yaml").read_text()
    (found / "health.yaml").write_text("# The model.\n" + text)
    (found / "more").mkdir()
    (found / "more" / "segments.yaml").write_text("segments:   # whom\n  busy: logins_28d > 10\n")
    return found


def learn(folder: Path, made: Company, out: Path, *more: str) -> int:
    options = ["--data", str(made.folder), "--scorecard", "health", "--as-of", "2026-09-30", "--seed", "3"]
    return run(["optimize", str(folder), *options, "--out", str(out), *more])


def test_the_draft_is_complete_and_scores_by_itself(
    folder: Path, made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "draft"
    assert learn(folder, made, out) == 0
    said = capsys.readouterr().out
    assert "On held-out accounts" in said
    assert (out / "more" / "segments.yaml").read_bytes() == (folder / "more" / "segments.yaml").read_bytes()
    assert (out / "health.yaml").read_text().startswith("# The model.\n")
    old, new = load_project(folder), load_project(out)
    assert new.metrics == old.metrics
    assert new.datasets == old.datasets
    assert new.scorecards["health"] != old.scorecards["health"]
    assert run(["score", str(out), "--data", str(made.folder), "--as-of", "2026-09-30"]) == 0

    report = json.loads((out / "report.json").read_text())
    shares = [one["new_share"] for one in report["changes"] if one["kind"] != "dropped"]
    assert sum(shares) == pytest.approx(100)
    assert report["held_out"]["figures"]["auc"]["new"]["value"] > 0.7
    assert report["correlation"]["curves"][0]["auc"] is not None
    _check_page((out / "report.html").read_text())


def test_nothing_is_written_where_there_is_no_proposal(
    folder: Path, made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for row in made.tables["renewals"]:
        row["result"] = "won"
    with made.data():
        pass
    assert learn(folder, made, tmp_path / "draft") == 1
    assert "Nobody left and 200 accounts stayed" in capsys.readouterr().err
    assert not (tmp_path / "draft").exists()
    assert not list(tmp_path.glob(".draft*"))


def test_places_that_cannot_hold_a_draft(
    folder: Path, made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("a")
    for out, words in (
        (tmp_path / "full", "is there already"),
        (tmp_path / "no" / "draft", "there is no folder"),
        (folder / "draft", "would then hold every definition twice"),
    ):
        assert learn(folder, made, out) == 1
        assert words in capsys.readouterr().err


def test_limits_are_refused_with_file_and_line(
    folder: Path, made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = tmp_path / "limits.yaml"
    limits.write_text("most_measures: 3\nfixed: [login]\n")
    assert learn(folder, made, tmp_path / "draft", "--limits", str(limits)) == 1
    assert (
        "limits.yaml:2: fixed[0]: unknown measure of the card 'login'; did you mean 'logins'?"
        in capsys.readouterr().err
    )


class _Tags(HTMLParser):
    """Tags that were opened and never closed, and everything that would be fetched or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        if tag in ("script", "link", "img", "iframe") or any(name in ("src", "href") for name, _ in attrs):
            self.strange.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed in itself."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _check_page(page: str) -> None:
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.strange == []
    assert "prefers-color-scheme: dark" in page
    for words in ("What changes, and why", "Does it tell more?", "Who would move", "What was not known", "<svg"):
        assert words in page
