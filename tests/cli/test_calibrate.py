"""keepwell calibrate and keepwell optimism as a user runs them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.project import Command
from tests.cli.test_effects import folders
from tests.learning.company import Company, company

pytestmark = pytest.mark.slow

SPAN = ("--lead-time", "30 days", "--from", "2026-01-01", "--to", "2026-09-30", "--every", "6 weeks")
ENTRIES = {"role": "entries", "file": "pulse.csv", "account": "account_id", "occurred_at": "entered_on"}
Places = tuple[Path, Path]


def with_entries(made: Company) -> Company:
    """Everybody is said to stand at 90, forty days before the decision: half by Ada, the others by Bea and Cyd."""
    made.definitions["datasets"]["pulse"] = ENTRIES
    made.measures()["pulse"] = {"sources": ["manual"], "weight": 1}
    made.tables["pulse"] = [
        {"account_id": row["account_id"], "measure": "pulse", "score": 90, "author": _author(number),
         "entered_on": row["decided_on"] - timedelta(days=40)}
        for number, row in enumerate(made.tables["renewals"])
    ]  # fmt: skip
    return made


def _author(number: int) -> str:
    return "Ada" if number % 2 else "Cyd" if number < 10 else "Bea"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    made = with_entries(company(tmp_path_factory.mktemp("data"), accounts=160))
    for row in made.tables["accounts"]:
        row["arr"] = 1000
    made.definitions["datasets"]["accounts"]["arr"] = "arr"
    made.definitions["segments"] = {"small": "seats < 8", "large": "seats >= 8"}
    return folders(made, tmp_path_factory.mktemp("definitions"))


def ask(keepwell: Command, verb: str, places: Places, *more: Any) -> Any:
    return keepwell(verb, places[0], "--data", places[1], *SPAN, "--trust", "all", *more)


def test_a_leader_reads_what_is_at_risk_and_whether_chances_hold(
    keepwell: Command, places: Places, tmp_path: Path
) -> None:
    out = tmp_path / "calibration.json"
    answer = ask(keepwell, "calibrate", places, "--out", out)
    assert answer.code == 0, answer.err
    assert "Revenue at risk   by the scores of 2026-09-30; lost at the next decision" in answer.out
    report = json.loads(out.read_text())
    assert [one["segment"] for one in report["curves"]] == [None, "large"]
    assert "the curve of all together is used" in report["pooled"]["small"]
    whole, *parts = report["amounts"]
    assert whole["amount"] == sum(one["amount"] for one in parts) == 1000 * whole["accounts"]
    assert whole["low"] < whole["expected"] < whole["high"]
    assert report["held"]["learned_until"] == "2026-05-17"
    assert report["held"]["said"] in " ".join(answer.out.split())
    assert len(report["lookup"]["overall"]) == 201


def test_entries_that_see_everybody_as_healthy_are_too_high(keepwell: Command, places: Places, tmp_path: Path) -> None:
    """All say 90, so no person can be told from another; people are named only where that was asked for."""
    out = tmp_path / "optimism.json"
    answer = ask(keepwell, "optimism", places, "--out", out)
    assert answer.code == 0, answer.err
    assert "points too high" in " ".join(answer.out.split())
    assert "People are not compared by 'pulse'" in " ".join(answer.out.split())
    assert "Ada" not in answer.out + out.read_text()
    (pulse,) = json.loads(out.read_text())["measures"]
    assert pulse["decisions"] == 160
    assert 0 < pulse["low"] < pulse["points"] < pulse["high"]


@pytest.mark.parametrize(
    ("verb", "more", "words"),
    [
        ("calibrate", ("--scorecard", "helth"), "did you mean 'health'"),
        ("calibrate", ("--from", "2026-12-01"), "give the earlier date first"),
        ("optimism", ("--out", "/nowhere/report.json"), "there is no folder /nowhere"),
    ],
)
def test_what_cannot_be_asked(keepwell: Command, places: Places, verb: str, more: tuple[str, ...], words: str) -> None:
    answer = ask(keepwell, verb, places, *more)
    assert answer.code == 1
    assert words in " ".join(answer.err.split())


def test_too_few_losses_and_nobody_who_entered_anything_are_said(keepwell: Command, tmp_path: Path) -> None:
    few = folders(company(tmp_path / "data", accounts=20), tmp_path / "definitions")
    answer = ask(keepwell, "calibrate", few)
    assert answer.code == 0, answer.err
    assert "No chance can be learned: " in answer.out
    assert "10 are the least to learn a chance from" in " ".join(answer.out.split())
    answer = ask(keepwell, "optimism", few)
    assert answer.code == 1
    assert "no dataset has role: entries" in " ".join(answer.err.split())
