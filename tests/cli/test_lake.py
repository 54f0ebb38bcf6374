"""keepwell load, keepwell lake, and --lake: facts are read from the lake, and results are kept there once."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.lake.history import read_scores
from keepwell.lake.place import Lake
from tests.cli.project import Command
from tests.lake.test_project_in_lake import MODEL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.yaml").write_text(MODEL)
    (tmp_path / "accounts.csv").write_text("account_id\nA\nB\n")
    (tmp_path / "logins.csv").write_text("account_id,at\nA,2024-03-02 00:30:00\n")
    return tmp_path


@pytest.mark.slow
def test_from_files_to_the_lake_to_kept_scores(keepwell: Command, folder: Path) -> None:
    lake = folder / "lake"
    loaded = keepwell("load", folder, "--lake", lake)
    assert loaded.out == "accounts: 2 rows as load 1\nlogins: 1 rows as load 1\n"
    assert "already" in keepwell("load", folder, "--lake", lake, "--append").out
    (folder / "logins.csv").unlink()
    for _ in range(2):
        scored = keepwell("score", folder, "--lake", lake, "--as-of", "2024-03-10")
        assert scored.code == 0, scored.err
    assert read_scores(Lake(lake))["final_score"].to_pylist() == [10, 0]
    out = folder / "h.csv"
    kept = keepwell("history", folder, "--lake", lake, "--from", "2024-03-01", "--to", "2024-03-15", "--out", out)
    assert kept.code == 0, kept.err
    assert sorted(set(map(str, read_scores(Lake(lake))["as_of"].to_pylist()))) == [
        "2024-03-01", "2024-03-08", "2024-03-10", "2024-03-15",
    ]  # fmt: skip
    shown = keepwell("lake", lake, "--compact", "--retain-from", "2024-03-08").out
    assert "history/scores: removed 2 rows before 2024-03-08" in shown
    assert "facts/logins" in shown


@pytest.mark.slow
def test_what_is_not_there_is_said(keepwell: Command, folder: Path) -> None:
    none = keepwell("lake", folder / "nowhere")
    assert (none.code, none.out) == (1, "")
    assert "there is no lake" in none.err
    wrong = keepwell("load", folder, "--lake", folder / "lake", "--dataset", "login")
    assert wrong.code == 1
    assert "did you mean 'logins'?" in wrong.err
    assert not (folder / "lake").exists()


@pytest.mark.slow
def test_one_dataset_is_loaded_without_the_files_of_others(keepwell: Command, folder: Path) -> None:
    (folder / "accounts.csv").unlink()
    loaded = keepwell("load", folder, "--lake", folder / "lake", "--dataset", "logins")
    assert loaded.out == "logins: 1 rows as load 1\n", loaded.err
