"""keepwell effects as a user runs it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from tests.cli.project import Command
from tests.learning.company import Company, Rows, company

pytestmark = pytest.mark.slow

SPAN = ("--from", "2026-01-01", "--to", "2026-09-30", "--draws", "100", "--every", "2 weeks")
TREATMENTS = {"role": "treatments", "file": "treatments.csv", "account": "account_id", "occurred_at": "started_on"}


def treated(made: Company, rows: Rows) -> Company:
    made.definitions["datasets"]["treatments"] = TREATMENTS
    made.tables["treatments"] = rows
    return made


def lottery(made: Company) -> Rows:
    """A rule that draws among all accounts in January, and a playbook for some of them in March."""
    random = np.random.default_rng(2)
    rows: Rows = []
    for account in made.tables["accounts"]:
        held_out = bool(random.random() < 0.5)
        day = date(2026, 1, 5) + timedelta(days=int(random.integers(0, 10)))
        own = {"account_id": account["account_id"], "withdrawn_at": ""}
        rows.append(own | {"by": "rule:low_use", "is_held_out": held_out, "started_on": day})
        if random.random() < 0.3:
            later = date(2026, 2, 2) + timedelta(days=7 * int(random.integers(0, 3)))
            rows.append(own | {"by": "playbook:visit", "is_held_out": False, "started_on": later})
    return rows


def folders(made: Company, place: Path) -> tuple[Path, Path]:
    made.data().close()
    place.mkdir(exist_ok=True)
    (place / "keepwell.yaml").write_text("time_zone: UTC\n")
    (place / "health.yaml").write_text(yaml.safe_dump(made.definitions))
    return place, made.folder


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made = company(tmp_path_factory.mktemp("data"), accounts=140)
    return folders(treated(made, lottery(made)), tmp_path_factory.mktemp("definitions"))


def ask(keepwell: Command, places: tuple[Path, Path], *more: Any) -> Any:
    return keepwell("effects", places[0], "--data", places[1], *SPAN, *more)


def test_a_leader_reads_what_a_rule_did(keepwell: Command, places: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "effects.json"
    answer = ask(keepwell, places, "--by", "rule:low_use", "--out", out)
    assert answer.code == 0, answer.err
    assert "The share lost within 180 days moved by" in answer.out
    assert "against those held out by chance" in answer.out
    assert "chance alone decided who was held out, and nobody changed it by hand" in answer.out
    report = json.loads(out.read_text())
    (rule,) = report["treatments"]
    assert rule["treated"] + rule["held_out"] == 140
    assert [one["target"]["days"] for one in rule["effects"]] == [180, 30, 60, 90]
    first = rule["effects"][0]["estimates"][0]
    assert (first["way"], first["low"] < first["effect"] < first["high"]) == ("randomised", True)
    assert set(report["assumptions"]) == {"randomised", "matched", "doubly_robust"}


def test_without_hold_outs_accounts_that_look_alike_are_compared(keepwell: Command, places: tuple[Path, Path]) -> None:
    answer = ask(keepwell, places, "--by", "playbook:visit", "--after", "30 days", "--metric", "logins_28d")
    assert answer.code == 0, answer.err
    assert "held out" not in answer.out
    assert "logins_28d after 30 days" in answer.out
    assert "treated find matched accounts among" in answer.out
    assert "nothing that is not in the data both led to the treatment and moves what is looked at" in answer.out


def test_equal_seeds_give_equal_reports(keepwell: Command, places: tuple[Path, Path], tmp_path: Path) -> None:
    texts = []
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        answer = ask(keepwell, places, "--by", "playbook:visit", "--seed", seed, "--out", tmp_path / name)
        assert answer.code == 0, answer.err
        texts.append((tmp_path / name).read_text())
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--by", "rule:low_uze"), 1, "did you mean 'rule:low_use'"),
        (("--metric", "logins_28"), 1, "did you mean 'logins_28d'"),
        (("--from", "2026-12-01"), 1, "give the earlier date first"),
        (("--from", "2026-06-01"), 1, "no treatment lies between 2026-06-01 and 2026-09-30; they are of 2026-01-05"),
        (("--within", "soon"), 2, "no length of time"),
        (("--after", "0 days"), 2, "out of range"),
        (("--out", "/nowhere/report.json"), 1, "there is no folder /nowhere"),
    ],
)
def test_what_cannot_be_asked(
    keepwell: Command, places: tuple[Path, Path], more: tuple[str, ...], code: int, words: str
) -> None:
    answer = ask(keepwell, places, *more)
    assert answer.code == code
    assert words in " ".join(answer.err.split())


def test_without_a_ledger_it_says_what_is_missing(keepwell: Command, tmp_path: Path) -> None:
    made = company(tmp_path / "data", accounts=20)
    answer = ask(keepwell, folders(made, tmp_path / "definitions"))
    assert answer.code == 1
    assert "no dataset has role: treatments" in " ".join(answer.err.split())


def test_without_outcomes_scores_are_looked_at_all_the_same(keepwell: Command, tmp_path: Path) -> None:
    made = company(tmp_path / "data", accounts=60)
    made = treated(made, lottery(made))
    del made.definitions["datasets"]["renewals"], made.tables["renewals"]
    answer = ask(keepwell, folders(made, tmp_path / "definitions"), "--by", "rule:low_use")
    assert answer.code == 0, answer.err
    assert "losses are not looked at" in answer.out
    assert "lost within" not in answer.out
    assert "score after 90 days" in answer.out


def test_five_treated_accounts_are_too_few_and_said_to_be(keepwell: Command, tmp_path: Path) -> None:
    made = company(tmp_path / "data", accounts=40)
    rows = [row for row in lottery(made) if row["by"] == "playbook:visit"][:5]
    answer = ask(keepwell, folders(treated(made, rows), tmp_path / "definitions"))
    assert answer.code == 0, answer.err
    assert "20 are the least to say anything" in " ".join(answer.out.split())


def test_rows_that_name_no_treatment_are_told(keepwell: Command, tmp_path: Path) -> None:
    made = company(tmp_path / "data", accounts=60)
    rows = lottery(made)
    rows[0] = rows[0] | {"by": ""}
    answer = ask(keepwell, folders(treated(made, rows), tmp_path / "definitions"), "--by", "rule:low_use")
    assert answer.code == 0, answer.err
    assert "1 treatment was left out: they name no account" in " ".join(answer.out.split())
