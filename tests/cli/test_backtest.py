"""keepwell backtest as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.project import Command
from tests.learning.company import Company, company, write_rows

pytestmark = pytest.mark.slow

SPAN = ("--lead-time", "30 days", "--from", "2026-01-01", "--to", "2026-09-30", "--draws", "100")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Definitions and data of a small company."""
    made = company(tmp_path_factory.mktemp("data"))
    made.data().close()
    return write(made, tmp_path_factory.mktemp("definitions")), made.folder


def write(made: Company, folder: Path) -> Path:
    (folder / "keepwell.yaml").write_text("time_zone: UTC\n")
    (folder / "health.yaml").write_text(yaml.safe_dump(made.definitions))
    return folder


def test_a_leader_sees_who_was_red_and_how_early(keepwell: Command, folders: tuple[Path, Path], tmp_path: Path) -> None:
    definitions, data = folders
    out = tmp_path / "report.json"
    answer = keepwell("backtest", definitions, "--data", data, *SPAN, "--out", out)
    assert answer.code == 0, answer.err
    assert "Of 27 that left, 10 were red and 27 below green 90 days before they decided" in answer.out
    assert "Of those who stayed, 4% were red and 45% below green too" in answer.out
    assert "the score has the right one lower 97 times in 100" in answer.out
    report = json.loads(out.read_text())
    assert report["asked"]["lead_days"] == 30
    assert report["variants"]["as_shown"]["auc"]["value"] == pytest.approx(0.9671558)
    assert [row["lost"] for row in report["bands"]] == [19, 8, 0]


def test_equal_seeds_give_equal_reports(keepwell: Command, folders: tuple[Path, Path], tmp_path: Path) -> None:
    definitions, data = folders
    texts = []
    for name, seed in (("one", 5), ("same", 5), ("other", 6)):
        out = tmp_path / f"{name}.json"
        code = keepwell("backtest", definitions, "--data", data, *SPAN, "--seed", seed, "--out", out).code
        texts.append(out.read_text())
        assert code == 0
    assert texts[0] == texts[1] != texts[2]


def test_two_folders_on_the_same_accounts(keepwell: Command, folders: tuple[Path, Path], tmp_path: Path) -> None:
    definitions, data = folders
    other = company(tmp_path / "unused")
    del other.measures()["logins"]
    (tmp_path / "other").mkdir()
    place = write(other, tmp_path / "other")
    answer = keepwell("backtest", definitions, "--data", data, *SPAN, "--versus", place)
    assert answer.code == 0, answer.err
    assert f"Against {place}" in answer.out
    assert "the other is worse" in answer.out


def test_values_are_kept_and_read_again(keepwell: Command, folders: tuple[Path, Path], tmp_path: Path) -> None:
    definitions, data = folders
    arguments = ("backtest", definitions, "--data", data, *SPAN, "--values", tmp_path / "values")
    first, again = keepwell(*arguments), keepwell(*arguments)
    assert first.out == again.out
    assert len(list((tmp_path / "values").glob("*/*.arrow"))) > 20


def test_kept_values_are_built_anew_where_facts_have_changed(keepwell: Command, tmp_path: Path) -> None:
    made = company(tmp_path / "data", accounts=30)
    made.data().close()
    (tmp_path / "definitions").mkdir()
    arguments = ("backtest", write(made, tmp_path / "definitions"), "--data", made.folder, *SPAN)
    kept = (*arguments, "--values", tmp_path / "values")
    before = keepwell(*kept)
    made.tables["logins"] = [row for row in made.tables["logins"] if row["account_id"] > "a015"]
    made.data().close()
    after = keepwell(*kept)
    assert before.code == after.code == 0
    assert after.out == keepwell(*arguments).out != before.out
    assert len(list((tmp_path / "values").iterdir())) == 2


def test_new_outcomes_need_no_new_values(keepwell: Command, tmp_path: Path) -> None:
    made = company(tmp_path / "data", accounts=30)
    made.data().close()
    (tmp_path / "definitions").mkdir()
    kept = ("backtest", write(made, tmp_path / "definitions"), "--data", made.folder, *SPAN)
    assert keepwell(*kept, "--values", tmp_path / "values").code == 0
    made.tables["renewals"].pop()
    write_rows(made.folder / "renewals.csv", made.tables["renewals"])
    assert keepwell(*kept, "--values", tmp_path / "values").code == 0
    assert len(list((tmp_path / "values").iterdir())) == 1


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--lead-time", "soon"), 2, "no length of time"),
        (("--every", "0 days"), 2, "out of range"),
        (("--draws", "3"), 2, "100"),
        (("--from", "2026-12-01"), 1, "give the earlier date first"),
        (("--scorecard", "helth"), 1, "did you mean 'health'"),
        (("--trust", "seets"), 1, "did you mean 'seats'"),
        (("--to", "2026-01-02"), 1, "no decision from 2026-01-01 to 2026-01-02"),
    ],
)
def test_what_cannot_be_asked(
    keepwell: Command, folders: tuple[Path, Path], more: tuple[str, ...], code: int, words: str
) -> None:
    definitions, data = folders
    answer = keepwell("backtest", definitions, "--data", data, *SPAN, *more)
    assert answer.code == code
    assert words in " ".join(answer.err.replace("│", " ").split())
    assert "Traceback" not in answer.err


def test_where_nobody_left_no_figure_is_printed(keepwell: Command, tmp_path: Path) -> None:
    made = company(tmp_path / "data")
    for row in made.tables["renewals"]:
        row["result"] = "won"
    made.data().close()
    (tmp_path / "definitions").mkdir()
    answer = keepwell("backtest", write(made, tmp_path / "definitions"), "--data", made.folder, *SPAN)
    assert answer.code == 0
    assert "Nobody of 80 accounts left" in answer.out
    assert "That cannot be known: nobody left" in answer.out
    assert "AUC" not in answer.out.replace("AUC  95 %", "")
    assert "100%" not in answer.out
