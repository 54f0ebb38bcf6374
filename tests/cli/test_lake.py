"""keepwell load, keepwell lake, and --lake: facts are read from the lake, and results are kept there once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keepwell.lake.history import read_scores
from keepwell.lake.place import Lake
from tests.lake.test_project_in_lake import MODEL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.yaml").write_text(MODEL)
    (tmp_path / "accounts.csv").write_text("account_id\nA\nB\n")
    (tmp_path / "logins.csv").write_text("account_id,at\nA,2024-03-02 00:30:00\n")
    return tmp_path


def keepwell(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "keepwell.cli", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_from_files_to_the_lake_to_kept_scores(folder: Path) -> None:
    lake = folder / "lake"
    loaded = keepwell("load", folder, "--lake", lake)
    assert loaded.stdout == "accounts: 2 rows as load 1\nlogins: 1 rows as load 1\n"
    assert "already" in keepwell("load", folder, "--lake", lake, "--append").stdout
    (folder / "logins.csv").unlink()
    for _ in range(2):
        scored = keepwell("score", folder, "--lake", lake, "--as-of", "2024-03-10")
        assert scored.returncode == 0, scored.stderr
    assert read_scores(Lake(lake))["final_score"].to_pylist() == [10, 0]
    out = folder / "h.csv"
    kept = keepwell("history", folder, "--lake", lake, "--from", "2024-03-01", "--to", "2024-03-15", "--out", out)
    assert kept.returncode == 0, kept.stderr
    assert sorted(set(map(str, read_scores(Lake(lake))["as_of"].to_pylist()))) == [
        "2024-03-01", "2024-03-08", "2024-03-10", "2024-03-15",
    ]  # fmt: skip
    shown = keepwell("lake", lake, "--compact", "--retain-from", "2024-03-08").stdout
    assert "history/scores: removed 2 rows before 2024-03-08" in shown
    assert "facts/logins" in shown


def test_what_is_not_there_is_said(folder: Path) -> None:
    none = keepwell("lake", folder / "nowhere")
    assert (none.returncode, none.stdout) == (1, "")
    assert "there is no lake" in none.stderr
    wrong = keepwell("load", folder, "--lake", folder / "lake", "--dataset", "login")
    assert wrong.returncode == 1
    assert "did you mean 'logins'?" in wrong.stderr
    assert not (folder / "lake").exists()


def test_one_dataset_is_loaded_without_the_files_of_others(folder: Path) -> None:
    (folder / "accounts.csv").unlink()
    loaded = keepwell("load", folder, "--lake", folder / "lake", "--dataset", "logins")
    assert loaded.stdout == "logins: 1 rows as load 1\n", loaded.stderr
