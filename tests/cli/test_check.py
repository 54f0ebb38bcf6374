"""keepwell check: what is defined, or every error with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.project import DEFINITIONS, Command, Project


def test_says_what_is_defined(keepwell: Command, project: Project) -> None:
    answer = keepwell("check", project.definitions)
    assert answer.code == 0
    for word in ("active_users", "traffic_light", "health", "utilisation 67%", "change 33%", "version", "not checked"):
        assert word in answer.out


@pytest.mark.slow
def test_columns_are_checked_with_data(keepwell: Command, project: Project) -> None:
    assert "fit the data" in keepwell(*project.arguments("check")).out
    project.redefine("count_distinct(user_id)", "count_distinct(user)")
    answer = keepwell(*project.arguments("check"))
    assert answer.code == 1
    assert "metrics.active_users.aggregate: unknown name `user`" in answer.err


@pytest.mark.slow
def test_columns_are_checked_where_the_files_lie_below_the_folder(keepwell: Command, project: Project) -> None:
    for file in project.data.iterdir():
        file.rename(project.definitions / file.name)
    assert "fit the data" in keepwell("check", project.definitions).out


def test_all_errors_are_listed_by_file_and_line(keepwell: Command, project: Project) -> None:
    project.redefine("change_of: active_users", "change_of: active_usr")
    (project.definitions / "more.yaml").write_text("metrics:\n  broken: {formula: 1 +}\nnonsense: {}\n")
    answer = keepwell("check", project.definitions)
    lines = answer.err.strip().splitlines()
    assert answer.code == 1
    line = 1 + next(at for at, text in enumerate(DEFINITIONS.splitlines()) if "change_of" in text)
    assert any(text.startswith(f"health.yaml:{line}: metrics.change") for text in lines)
    assert any(text.startswith("more.yaml:2: metrics.broken") for text in lines)
    assert any(text.startswith("more.yaml:3: nonsense") for text in lines)
    assert lines[-1] == f"{len(lines) - 1} errors in 2 files."


@pytest.mark.parametrize("where", ["nowhere", "definitions/health.yaml", "data"])
def test_a_folder_without_definitions_is_refused(
    keepwell: Command, project: Project, tmp_path: Path, where: str
) -> None:
    answer = keepwell("check", tmp_path / where)
    assert answer.code == 1
    assert "folder" in answer.err


def test_text_that_could_drive_the_terminal_is_printed_harmless(keepwell: Command, project: Project) -> None:
    (project.definitions / "odd.yaml").write_text('metrics:\n  "\\e[31m[bold]x": {attribute: seats}\n')
    answer = keepwell("check", project.definitions)
    assert answer.code == 1
    assert "\x1b" not in answer.err
    assert "[bold]x" in answer.err
