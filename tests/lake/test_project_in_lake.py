"""A project whose facts, identities and history live in the lake."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from keepwell.definitions import Project, Versions, load_project
from keepwell.engine.run import Run, score
from keepwell.lake.data import open_data
from keepwell.lake.history import read_scores, read_values
from keepwell.lake.identity import IDENTITY, link, merge, undo
from keepwell.lake.keeping import keep_run
from keepwell.lake.loading import load_dataset
from keepwell.lake.place import Lake

MODEL = """
schemes:
  numeric: {}
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  logins: {file: logins.csv, account: account_id, occurred_at: at, time_zone: Europe/Berlin}
metrics:
  logins: {dataset: logins, aggregate: count()}
scorecards:
  everyone:
    scheme: numeric
    groups: {use: {weight: 1, measures: {logins: {weight: 1, score: {linear: [[0, 0], [10, 100]]}}}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "model.yaml").write_text(MODEL)
    (tmp_path / "accounts.csv").write_text("account_id\nA\nB\n")
    (tmp_path / "logins.csv").write_text(
        "account_id,at\nA,2024-03-02 00:30:00\n7,2024-03-03 12:00:00\nA,2024-03-04 12:00:00\n"
    )
    return load_project(tmp_path)


def run(project: Project, folder: Path, lake: Lake, as_of: str = "2024-03-10") -> Run:
    with open_data(project, folder, lake=lake) as data:
        return score(project, data, as_of=date.fromisoformat(as_of))


def logins(found: Run) -> list[object]:
    return found.values.accounts.metrics["logins"].to_pylist()


def load(project: Project, folder: Path, lake: Lake, *, append: bool = False) -> list[int]:
    with open_data(project, folder) as data:
        return [load_dataset(data, lake, name, append=append).rows for name in project.datasets]


@pytest.mark.slow
def test_facts_are_read_from_the_lake_and_say_which_load_they_saw(project: Project, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    assert load(project, tmp_path, lake) == [2, 3]
    (tmp_path / "logins.csv").write_text("account_id,at\n")
    found = run(project, tmp_path, lake)
    assert logins(found) == [2, 0]
    assert dict(found.values.load_ids) == {"accounts": 1, "logins": 1}
    stored = lake.table("facts/logins").read().to_pylist()
    assert stored[0]["at"] == datetime(2024, 3, 1, 23, 30, tzinfo=UTC)
    assert stored[0]["local_day"] == date(2024, 3, 1)  # the project's zone is UTC


@pytest.mark.slow
def test_loading_again_replaces_and_appending_the_same_files_adds_nothing(project: Project, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    load(project, tmp_path, lake)
    load(project, tmp_path, lake)
    assert load(project, tmp_path, lake, append=True) == [0, 0]
    assert lake.table("facts/logins").read().num_rows == 3
    first = (tmp_path / "logins.csv").read_text()
    (tmp_path / "logins.csv").write_text("account_id,at\nB,2024-03-05 12:00:00\n")
    assert load(project, tmp_path, lake, append=True) == [0, 1]
    assert load(project, tmp_path, lake, append=True) == [0, 0]
    assert lake.table("facts/logins").read().num_rows == 4
    load(project, tmp_path, lake)
    (tmp_path / "logins.csv").write_text(first)
    assert load(project, tmp_path, lake, append=True)[1] == 3  # what was replaced since may come again


@pytest.mark.slow
def test_source_ids_are_resolved_when_facts_are_read(project: Project, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    load(project, tmp_path, lake)
    now = datetime(2024, 4, 1, tzinfo=UTC)
    identity = lake.table("identity")
    identity.append(link("logins", {"7": "B"}, recorded_at=now, change="c1"))
    assert logins(run(project, tmp_path, lake)) == [2, 1]
    held = identity.read().sort_by("load_id").select(IDENTITY.names)
    identity.append(merge(held, ["B"], "A", recorded_at=now, change="c2"))
    assert logins(run(project, tmp_path, lake)) == [3, 0]
    held = identity.read().sort_by("load_id").select(IDENTITY.names)
    identity.append(undo(held, "c2", recorded_at=now, change="c3"))
    assert logins(run(project, tmp_path, lake)) == [2, 1]


@pytest.mark.slow
def test_runs_are_kept_once_with_what_they_rest_on(project: Project, tmp_path: Path) -> None:
    lake, versions = Lake(tmp_path / "lake"), Versions(project)
    load(project, tmp_path, lake)
    found = run(project, tmp_path, lake)
    name = keep_run(lake, found, versions)
    assert keep_run(lake, found, versions) == name
    scores = read_scores(lake).to_pylist()
    assert [(row["account_id"], row["final_score"], row["run"]) for row in scores] == [("A", 20, name), ("B", 0, name)]
    assert dict(scores[0]["load_ids"]) == {"accounts": 1, "logins": 1}
    assert read_values(lake)["metric:logins"].to_pylist() == [2, 0]


@pytest.mark.slow
def test_as_shown_stays_when_late_facts_restate_a_date(project: Project, tmp_path: Path) -> None:
    lake, versions = Lake(tmp_path / "lake"), Versions(project)
    load(project, tmp_path, lake)
    keep_run(lake, run(project, tmp_path, lake), versions)
    (tmp_path / "logins.csv").write_text("account_id,at\nB,2024-03-05 12:00:00\n")
    with open_data(project, tmp_path) as data:
        load_dataset(data, lake, "logins", append=True)
    with open_data(project, tmp_path, lake=lake) as data:
        late = score(project, data, as_of=date(2024, 3, 10), known_at=datetime(2024, 3, 20, tzinfo=UTC))
    keep_run(lake, late, versions)
    assert read_scores(lake)["final_score"].to_pylist() == [20, 0]
    assert read_scores(lake, basis="restated")["final_score"].to_pylist() == [20, 10]
