"""Bad input of every kind: told in sentences, exit code 1, no traceback, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.project import ACCOUNTS, AS_OF, Command, Project

DEFINITIONS = {
    "a metric that depends on itself": ("active_users / seats", "utilisation / seats", "utilisation"),
    "an unknown metric": ("change_of: active_users", "change_of: active_usr", "did you mean"),
    "an unknown column": ("count_distinct(user_id)", "count_distinct(nobody)", "nobody"),
    "text where a number is needed": ("active_users / seats", "active_users / company", "company"),
    "weights that sum to zero": ("utilisation: {weight: 2", "utilisation: {weight: -2", "weight"),
    "group weights that sum to zero": ("        weight: 3", "        weight: 0", "sum to 0"),
    "bands out of order": (
        "{label: red, up_to: 50}, {label: yellow, up_to: 75}",
        "{label: red, up_to: 80}, {label: yellow, up_to: 75}",
        "worst to best",
    ),
    "a function beyond the list": ("active_users / seats", "read_csv('/etc/passwd')", "read_csv"),
    "a statement": ("active_users / seats", "seats; drop table accounts", "expression"),
    "a subquery": ("active_users / seats", "(select 1)", "select"),
    "infinity": ("linear: [[0, 0], [1, 100]]", "linear: [[0, 0], [.inf, 100]]", "finite"),
    "not a number": ("linear: [[0, 0], [1, 100]]", "linear: [[0, 0], [.nan, 100]]", "finite"),
    "a kind of later": ("datasets:", "playbooks: {}\ndatasets:", "playbooks"),
    "an expression of 10 MB": ("active_users / seats", "1 " + "+ 1 " * 2_500_000, "health.yaml"),
    "an expression nested deeply": ("active_users / seats", "(" * 5_000 + "1" + ")" * 5_000, "utilisation"),
}


@pytest.mark.parametrize("case", DEFINITIONS)
def test_definitions(keepwell: Command, project: Project, tmp_path: Path, case: str) -> None:
    old, new, says = DEFINITIONS[case]
    project.redefine(old, new)
    _is_refused(keepwell, project, tmp_path, says)


DATA: dict[str, tuple[str, str | bytes, str]] = {
    "an empty file": ("accounts.csv", "", "accounts.csv"),
    "a header alone is fine but no header is not": ("accounts.csv", ACCOUNTS.split("\n", 1)[1], "header"),
    "a missing column": ("accounts.csv", ACCOUNTS.replace("churned_on", "gone_on"), "churned_on"),
    "duplicate keys": ("accounts.csv", ACCOUNTS + "a1,Again,2025-01-01,,1,2026-12-01,2\n", "a1"),
    "mixed encodings": (
        "accounts.csv",
        ACCOUNTS.encode() + "a9,M\xfcnze,2025-01-01,,1,,2\n".encode("latin-1"),
        "accounts.csv",
    ),
    "a date that is none": ("logins.csv", "account_id,unit_id,user_id,day\na1,u1,x,2026-02-30\n", "line 2"),
    "a year out of range": ("logins.csv", "account_id,unit_id,user_id,day\na1,u1,x,99999-01-01\n", "line 2"),
    "text where a number is needed": ("accounts.csv", ACCOUNTS.replace(",2\n", ",two\n", 1), "seats"),
    "a row that is too long": ("logins.csv", "account_id,unit_id,user_id,day\na1,u1,x,2026-10-30,1,2,3\n", "line 2"),
    "bytes that are no text": ("accounts.csv", bytes(range(256)) * 20, "accounts.csv"),
}


@pytest.mark.parametrize("case", DATA)
def test_data(keepwell: Command, project: Project, tmp_path: Path, case: str) -> None:
    name, content, says = DATA[case]
    project.fill(name, content)
    _is_refused(keepwell, project, tmp_path, says)


def test_a_file_that_is_not_there(keepwell: Command, project: Project, tmp_path: Path) -> None:
    (project.data / "logins.csv").unlink()
    (project.data / "units.csv").unlink()
    err = _is_refused(keepwell, project, tmp_path, "logins.csv")
    assert "units.csv" in err


def test_a_data_folder_that_is_not_there(keepwell: Command, project: Project, tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", project.data / "logins.csv"):
        answer = keepwell("score", project.definitions, "--data", place, "--as-of", AS_OF)
        assert answer.code == 1
        assert "--data" in answer.err


def _is_refused(keepwell: Command, project: Project, tmp_path: Path, says: str) -> str:
    out = tmp_path / "scores.parquet"
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF, "--out", str(out)))
    assert answer.code == 1, answer.err[-2000:]
    assert answer.out == ""
    assert says in answer.err
    assert "Traceback" not in answer.err
    assert "defect" not in answer.err
    assert len(answer.err) < 20_000
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
    return answer.err
