"""The hash of a definition covers what it says and everything it refers to, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.definitions import Versions, load_project, parse_project
from tests.definitions.test_loading import GOOD


def hashes(folder: Path, text: str, settings: str = "") -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    (folder / "keepwell.yaml").write_text(settings, encoding="utf-8")
    project = load_project(folder)
    versions = Versions(project)
    kinds = ("schemes", "datasets", "metrics", "segments", "scorecards")
    return {f"{kind}.{name}": versions.of(kind, name) for kind in kinds for name in getattr(project, kind)}


@pytest.mark.slow
def test_a_long_chain_is_no_recursion() -> None:
    chain = {f"m{number}": {"formula": f"m{number - 1} + 1"} for number in range(1, 1500)}
    metrics = {"m0": {"attribute": "seats"}, **chain}
    project = parse_project({"datasets": {"a": {"role": "accounts", "file": "a", "key": "k"}}, "metrics": metrics})
    assert len(Versions(project).of("metrics", "m1499")) == 16


def changed(folder: Path, change: str, by: str) -> set[str]:
    assert change in GOOD
    before, after = hashes(folder, GOOD), hashes(folder, GOOD.replace(change, by))
    assert before.keys() == after.keys()
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    ("change", "by", "touched"),
    [
        ("{weight: 1, score", "{weight: 2, score", {"scorecards.everyone"}),
        ("label: red", "label: bad", {"schemes.traffic_light", "scorecards.everyone"}),
        ("window: 4 weeks", "window: 30 days", {"metrics.uses", "metrics.per_seat", "scorecards.everyone"}),
        ("seats >= 200", "seats >= 100", {"segments.large"}),
        (
            "subs.csv",
            "contracts.csv",
            {"datasets.subscriptions", "datasets.features", "metrics.uses", "metrics.per_seat", "scorecards.everyone"},
        ),
        ("{formula: uses / seats}", "{formula: uses / (seats + 1)}", {"metrics.per_seat", "scorecards.everyone"}),
    ],
)
def test_a_change_makes_new_versions_of_all_that_rests_on_it(
    tmp_path: Path, change: str, by: str, touched: set[str]
) -> None:
    assert changed(tmp_path, change, by) == touched


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ("window: 4 weeks", "window: 28 days"),
        ("uses / seats", "uses/seats"),
        ("seats >= 200", "SEATS >= 200".replace("SEATS", "seats")),
        ("metrics:\n", "# a remark\nmetrics:\n"),
        ("{label: red, up_to: 50}", "{up_to: 50.0, label: red}"),
        ("role: accounts, file: accounts.csv", "file: accounts.csv, role: accounts"),
    ],
)
def test_spelling_is_no_change(tmp_path: Path, change: str, by: str) -> None:
    assert changed(tmp_path, change, by) == set()


def test_the_zone_in_which_days_are_counted_is_part_of_a_dataset(tmp_path: Path) -> None:
    utc, berlin = hashes(tmp_path, GOOD), hashes(tmp_path, GOOD, "time_zone: Europe/Berlin\n")
    assert utc["scorecards.everyone"] != berlin["scorecards.everyone"]
    assert utc["schemes.traffic_light"] == berlin["schemes.traffic_light"]


def test_a_hash_is_stable_across_processes_and_releases() -> None:
    project = parse_project({"schemes": {"one": {"bands": [{"label": "all", "up_to": 100}]}}})
    assert Versions(project).of("schemes", "one") == "aa38a88a12031373"
