"""keepwell score: the table, and files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest

from keepwell.engine.tidy import TIDY
from tests.cli.project import AS_OF, Command, Project, start


@pytest.mark.slow
def test_the_worst_come_first_with_what_it_costs_them(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF))
    assert answer.code == 0
    places = [answer.out.index(name) for name in ("Birch", "Elm", "Aster", "Dahlia")]
    assert places == sorted(places)
    assert "4 accounts" in answer.out
    assert "1 unassigned" in answer.out
    assert "Nobody signed in (at most 5)" in answer.out
    assert "▼ red" in answer.out
    assert "2 relationships" in answer.out


@pytest.mark.slow
def test_a_list_says_how_many_more_there_are(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF, "--top", "1"))
    assert "and 3 more accounts" in answer.out
    assert "Elm" not in answer.out
    assert "more accounts" not in keepwell(*project.arguments("score", "--as-of", AS_OF, "--top", "0")).out


@pytest.mark.slow
def test_one_account_with_its_relationships_explained(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF, "--account", "a1", "--explain"))
    assert answer.code == 0
    assert "Birch" not in answer.out
    for word in ("Aster", "Sales", "What each measure saw", "Overrides"):
        assert word in answer.out


@pytest.mark.slow
def test_an_account_that_is_not_there_is_refused(keepwell: Command, project: Project, tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF, "--account", "a3", "--out", str(out)))
    assert answer.code == 1
    assert "'a3' is not in the population" in answer.err
    assert not out.exists()


@pytest.mark.slow
def test_the_three_kinds_of_file_hold_the_same_rows(keepwell: Command, project: Project, tmp_path: Path) -> None:
    files = {ending: tmp_path / f"scores.{ending}" for ending in ("parquet", "csv", "json")}
    for file in files.values():
        assert keepwell(*project.arguments("score", "--as-of", AS_OF, "--out", str(file))).code == 0
    parquet = pyarrow.parquet.read_table(files["parquet"])
    csv = pyarrow.csv.read_csv(files["csv"])
    rows = json.loads(files["json"].read_text())
    assert parquet.schema.equals(TIDY)
    assert csv.column_names == TIDY.names == list(rows[0])
    for name in ("entity_id", "node", "final_score", "label"):
        assert parquet[name].to_pylist() == [row[name] for row in rows]
    assert parquet["final_score"].to_pylist() == csv["final_score"].to_pylist()
    assert [row["overrides"] for row in rows if row["entity_id"] == "a2" and row["node"] == "overall"] == [["silent"]]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == sorted(f.name for f in files.values())


@pytest.mark.slow
def test_only_the_account_asked_for_is_written(keepwell: Command, project: Project, tmp_path: Path) -> None:
    file = tmp_path / "one.parquet"
    assert keepwell(*project.arguments("score", "--as-of", AS_OF, "--account", "a1", "--out", str(file))).code == 0
    assert set(pyarrow.parquet.read_table(file)["account_id"].to_pylist()) == {"a1"}


@pytest.mark.slow
@pytest.mark.parametrize("out", ["nowhere/scores.csv", "taken.csv"])
def test_a_place_that_cannot_be_written_is_refused(
    keepwell: Command, project: Project, tmp_path: Path, out: str
) -> None:
    (tmp_path / "taken.csv").mkdir()
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF, "--out", str(tmp_path / out)))
    assert answer.code == 1
    assert "folder" in answer.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission(keepwell: Command, project: Project, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF, "--out", str(closed / "x.csv")))
    assert (answer.code, "permission" in answer.err) == (1, True)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told(project: Project) -> None:
    with Path("/dev/full").open("w") as full:
        done = start(*project.arguments("score", "--as-of", AS_OF), stdout=full)
        _, said = done.communicate()
    assert done.returncode == 1
    assert "disk is full" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_what_was_known_later_does_not_count(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("score", "--as-of", AS_OF, "--known-at", "2026-10-20", "--account", "a1"))
    assert answer.code == 0
    assert "2026-10-20 23:59 UTC" in answer.out


@pytest.mark.slow
def test_rejected_rows_are_put_aside(keepwell: Command, project: Project, tmp_path: Path) -> None:
    project.fill("logins.csv", "account_id,unit_id,user_id,day\na1,u1,x,2026-10-20\na1,u1,y,yesterday\n")
    refused = keepwell(*project.arguments("score", "--as-of", AS_OF))
    assert refused.code == 1
    assert "logins.csv line 3" in refused.err
    aside = tmp_path / "aside.csv"
    assert keepwell(*project.arguments("score", "--as-of", AS_OF, "--rejects", str(aside))).code == 0
    assert "yesterday" in aside.read_text()
