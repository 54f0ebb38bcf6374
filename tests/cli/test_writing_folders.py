"""keepwell schema, init and simulate: commands that write files to start from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.project import ACCOUNTS, LOGINS, Command


@pytest.mark.slow
def test_the_schema_is_json(keepwell: Command, tmp_path: Path) -> None:
    printed = json.loads(keepwell("schema").out)
    assert {"metrics", "scorecards"} <= printed["properties"].keys()
    assert keepwell("schema", "--out", tmp_path / "schema.json").code == 0
    assert json.loads((tmp_path / "schema.json").read_text()) == printed


@pytest.mark.slow
def test_the_starter_folder_scores_data_that_fit_it(keepwell: Command, tmp_path: Path) -> None:
    folder, data = tmp_path / "health", tmp_path / "data"
    assert keepwell("init", folder).code == 0
    assert keepwell("check", folder).code == 0
    data.mkdir()
    (data / "accounts.csv").write_text(ACCOUNTS)
    (data / "logins.csv").write_text(LOGINS)
    answer = keepwell("score", folder, "--data", data, "--as-of", "2026-10-31")
    assert answer.code == 0
    assert "Aster" in answer.out


@pytest.mark.slow
def test_init_overwrites_nothing(keepwell: Command, tmp_path: Path) -> None:
    (tmp_path / "health.yaml").write_text("mine")
    answer = keepwell("init", tmp_path)
    assert answer.code == 1
    assert "health.yaml" in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["health.yaml"]


@pytest.mark.slow
def test_a_simulated_company_can_be_scored_at_once(keepwell: Command, tmp_path: Path) -> None:
    folder = tmp_path / "company"
    answer = keepwell("simulate", folder, "--accounts", "50", "--days", "60")
    assert (answer.code, answer.err) == (0, "")
    command = next(line for line in answer.out.splitlines() if line.strip().startswith("keepwell score"))
    scored = keepwell(*command.split()[1:])
    assert scored.code == 0
    assert "accounts" in scored.out
    again = keepwell("simulate", folder, "--accounts", "50", "--days", "60")
    assert again.code == 1
    assert keepwell("simulate", folder, "--accounts", "50", "--days", "60", "--replace").code == 0


def test_parameters_that_make_no_company_are_refused(keepwell: Command, tmp_path: Path) -> None:
    answer = keepwell("simulate", tmp_path / "company", "--accounts", "0")
    assert answer.code == 1
    assert "accounts is 0" in answer.err
    assert not (tmp_path / "company").exists()
