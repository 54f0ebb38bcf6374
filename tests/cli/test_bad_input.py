"""Bad input of every kind: told in sentences, exit code 1, no traceback, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.project import ACCOUNTS, AS_OF, LOGINS, UNITS, Command, Project
from tests.cli.project import DEFINITIONS as DEFINITIONS_TEXT

HEAVY = """\
        weight: 1.0e+308
        measures: {active_users: {weight: 1, score: {steps: [{score: 9}]}}}
      more:
        weight: 1.0e+308
"""
DEFINITIONS = {
    "a metric that depends on itself": ("active_users / seats", "utilisation / seats", "utilisation"),
    "metrics in a circle": (
        "active_users / seats",
        "change + 1}\n  change_too: {formula: utilisation}\n  more: {formula: more_too}\n  more_too: {formula: more",
        "more -> more_too -> more",
    ),
    "segments in a circle": (
        "scorecards:\n",
        "segments: {one: in_segment('two'), two: in_segment('one')}\nscorecards:\n",
        "one -> two -> one",
    ),
    "an unknown metric": ("change_of: active_users", "change_of: active_usr", "did you mean"),
    "an unknown column": ("count_distinct(user_id)", "count_distinct(nobody)", "nobody"),
    "text where a number is needed": ("active_users / seats", "active_users / company", "company"),
    "a text compared with a number": ("applies_to: seats > 0", "applies_to: company > 0", "of one type"),
    "a weight below zero": ("utilisation: {weight: 2", "utilisation: {weight: -2", "weight"),
    "weights that sum to zero": (
        "active_users: {weight: 1, score: {linear",
        "active_users: {weight: 0, score: {linear",
        "the weights of its measures sum to 0",
    ),
    "weights beyond all numbers": (
        "        weight: 3\n",
        HEAVY,
        "scale them down",
    ),
    "a weight that is infinite": ("        weight: 3", "        weight: .inf", "finite"),
    "steps out of order": (
        "{up_to: 0, score: 20}, {score: 100}",
        "{up_to: 5, score: 20}, {up_to: 4, score: 10}, {score: 100}",
        "4 comes after 5",
    ),
    "a last step in front": ("{up_to: 0, score: 20}, {score: 100}", "{score: 20}, {up_to: 4, score: 10}", "last step"),
    "a score beyond 100": ("{up_to: 0, score: 20}", "{up_to: 0, score: 120}", "100"),
    "group weights that sum to zero": ("        weight: 3", "        weight: 0", "sum to 0"),
    "bands out of order": (
        "{label: red, up_to: 50}, {label: yellow, up_to: 75}",
        "{label: red, up_to: 80}, {label: yellow, up_to: 75}",
        "worst to best",
    ),
    "a function beyond the list": ("active_users / seats", "read_csv('/etc/passwd')", "read_csv"),
    "a file read in a condition": ("applies_to: seats > 0", "applies_to: read_text('x') is not null", "read_text"),
    "a window function": ("active_users / seats", "row_number() over ()", "utilisation"),
    "a lambda": ("applies_to: seats > 0", "applies_to: list_filter(seats, x -> x > 0)", "`->` is not part"),
    "a comment": ("applies_to: seats > 0", "applies_to: seats > 0 -- and more", "comments are not allowed"),
    "a parameter": ("applies_to: seats > 0", "applies_to: seats > ?", "applies_to"),
    "an aggregate in a formula": ("active_users / seats", "sum(seats)", "aggregate"),
    "an update": ("applies_to: seats > 0", "applies_to: update accounts set seats = 1", "applies_to"),
    "an attachment": ("applies_to: seats > 0", "applies_to: attach 'x.db'", "applies_to"),
    "a statement": ("active_users / seats", "seats; drop table accounts", "expression"),
    "a subquery": ("active_users / seats", "(select 1)", "select"),
    "infinity": ("linear: [[0, 0], [1, 100]]", "linear: [[0, 0], [.inf, 100]]", "finite"),
    "not a number": ("linear: [[0, 0], [1, 100]]", "linear: [[0, 0], [.nan, 100]]", "finite"),
    "a dashboard of nothing": ("datasets:", "dashboards: {empty: {widgets: {}}}\ndatasets:", "at least"),
    "an expression of 10 MB": ("active_users / seats", "1 " + "+ 1 " * 2_500_000, "health.yaml"),
    "an expression of 20 kB": ("active_users / seats", "1 " + "+ 1 " * 5_000, "at most 10000 characters"),
    "a date that is none": ("applies_to: seats > 0", "applies_to: signed_on > date '2026-02-30'", "2026-02-30"),
    "an expression nested deeply": ("active_users / seats", "(" * 5_000 + "1" + ")" * 5_000, "utilisation"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", DEFINITIONS)
def test_definitions(keepwell: Command, project: Project, tmp_path: Path, case: str) -> None:
    old, new, says = DEFINITIONS[case]
    project.redefine(old, new)
    _is_refused(keepwell, project, tmp_path, says)


@pytest.mark.slow
def test_a_chain_of_many_metrics_is_scored(keepwell: Command, project: Project) -> None:
    chain = "".join(f"  m{n}: {{formula: {f'm{n - 1}' if n else 'seats'} + 1}}\n" for n in range(400))
    project.define(DEFINITIONS_TEXT.replace("schemes:\n", f"{chain}schemes:\n").replace("utilisation: {w", "m399: {w"))
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF))
    assert answer.code == 0, answer.err


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
    "text among numbers": ("accounts.csv", ACCOUNTS + "a9,Fir,2025-01-01,,much,,2\n", "accounts.csv line 7: arr"),
    "the year zero": ("logins.csv", "account_id,unit_id,user_id,day\na1,u1,x,0000-01-01\n", "line 2"),
    "a time of day": ("logins.csv", "account_id,unit_id,user_id,day\na1,u1,x,12:30\n", "line 2"),
    "an empty file of facts": ("logins.csv", "\n\n", "logins.csv: the file is empty"),
    "facts without a header": ("logins.csv", LOGINS.split("\n", 1)[1], "header"),
    "a column that stands twice": ("accounts.csv", ACCOUNTS.replace("company", "seats"), "twice"),
    "duplicate keys of relationships": ("units.csv", UNITS + "u1,a2,Again\n", "such as u1"),
    "another encoding": ("accounts.csv", ACCOUNTS.encode("utf-16"), "encoding: utf-16"),
    "a quote that stays open": ("logins.csv", LOGINS + 'a1,"u1,x,2026-10-20\n', "line 7"),
    "a row that is too long": ("logins.csv", "account_id,unit_id,user_id,day\na1,u1,x,2026-10-30,1,2,3\n", "line 2"),
    "bytes that are no text": ("accounts.csv", bytes(range(256)) * 20, "accounts.csv"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", DATA)
def test_data(keepwell: Command, project: Project, tmp_path: Path, case: str) -> None:
    name, content, says = DATA[case]
    project.fill(name, content)
    _is_refused(keepwell, project, tmp_path, says)


@pytest.mark.slow
@pytest.mark.parametrize("seats", ["nan", "NaN", "inf", "-inf", "Infinity", "1e999"])
def test_what_is_no_finite_number_reads_as_null(
    keepwell: Command, project: Project, tmp_path: Path, seats: str
) -> None:
    """In a column that is declared to hold numbers; in others it is a text among numbers, and that is told."""
    project.redefine("arr: arr\n", "arr: arr\n    types: {seats: number}\n")
    project.fill("accounts.csv", ACCOUNTS.replace("2026-12-01,2\n", f"2026-12-01,{seats}\n", 1))
    out = tmp_path / "scores.csv"
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF, "--out", str(out)))
    assert answer.code == 0, answer.err
    cells = {cell.lower().strip('"') for line in out.read_text().splitlines() for cell in line.split(",")}
    assert "a1" in cells
    assert not {"nan", "inf", "-inf", "infinity"} & cells


@pytest.mark.slow
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
