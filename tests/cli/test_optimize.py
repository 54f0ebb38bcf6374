"""keepwell optimize and backtest as a user runs them on data that cannot answer, or only in part."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml

from tests.cli.project import Answer, Command
from tests.learning.company import Company, company

pytestmark = pytest.mark.slow

SPAN = ("--lead-time", "30 days", "--from", "2026-01-01", "--to", "2026-09-30", "--draws", "100")
LEARN = ("--scorecard", "health", "--as-of", "2026-09-30", "--seed", "1")
OPPOSITE = {"won": "lost", "lost": "won"}


@pytest.fixture
def made(tmp_path: Path) -> Company:
    return company(tmp_path / "data", accounts=120)


def written(made: Company) -> tuple[Path, Path]:
    made.data().close()
    folder = made.folder.parent / "definitions"
    folder.mkdir(exist_ok=True)
    (folder / "health.yaml").write_text(yaml.safe_dump(made.definitions, sort_keys=False))
    return folder, made.folder


def optimize(keepwell: Command, made: Company) -> Answer:
    folder, data = written(made)
    answer = keepwell("optimize", folder, "--data", data, *LEARN, "--out", made.folder.parent / "draft")
    assert "Traceback" not in answer.err
    assert "defect" not in answer.err
    return answer


def backtest(keepwell: Command, made: Company) -> Answer:
    folder, data = written(made)
    answer = keepwell("backtest", folder, "--data", data, *SPAN)
    assert "Traceback" not in answer.err
    assert "defect" not in answer.err
    return answer


def flat(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


def decide(made: Company, lost: Callable[[int], bool]) -> None:
    for place, row in enumerate(made.tables["renewals"]):
        row["result"] = "lost" if lost(place) else "won"


def nothing_lost(made: Company) -> None:
    decide(made, lambda _: False)


def one_lost(made: Company) -> None:
    decide(made, lambda place: place == 7)


def two_percent_known(made: Company) -> None:
    for name in ("logins", "tickets"):
        made.tables[name] = [row for row in made.tables[name] if row["account_id"] in ("a001", "a002")]


@pytest.mark.parametrize(
    ("change", "refused", "said"),
    [
        (nothing_lost, "too few outcomes. Nobody left and 120 accounts stayed", "Nobody of 120 accounts left"),
        (one_lost, "1 account left and 119 accounts stayed", "only 1 account left; below 10 a figure would be chance"),
        (
            two_percent_known,
            "118 observations of accounts of which nothing was known by then were left out; 2 remain",
            "facts were known of 2 of 120 accounts",
        ),
    ],
)
def test_what_cannot_be_known_is_said_and_no_number_stands_in_its_place(
    keepwell: Command, made: Company, change: Callable[[Company], None], refused: str, said: str
) -> None:
    change(made)
    answer = optimize(keepwell, made)
    assert answer.code == 1
    assert refused in flat(answer.err)
    assert answer.err.rstrip().endswith("1 error.")
    assert "AUC" not in answer.out
    assert not (made.folder.parent / "draft").exists()
    answer = backtest(keepwell, made)
    assert answer.code == 0, answer.err
    assert said in flat(answer.out)
    assert "Does the score tell who leaves? 100 draws of accounts behind each interval That cannot be known" in flat(
        answer.out
    )
    for figure in ("average precision", "Brier score", "foretold", "days before"):
        assert figure not in answer.out


def test_everybody_left_and_nothing_says_who_stayed(keepwell: Command, made: Company) -> None:
    decide(made, lambda _: True)
    for row in made.tables["renewals"]:
        row["decided_on"] = date(2026, 6, 1)
    answer = optimize(keepwell, made)
    assert answer.code == 1
    assert "outcomes are of 2026-06-01 to 2026-06-01" in flat(answer.err)
    assert "outcomes hold losses only, so who stayed is told by who had not left" in flat(answer.err)
    assert "nothing can be said about the score" in flat(backtest(keepwell, made).out)


def test_outcomes_before_the_first_fact(keepwell: Command, made: Company) -> None:
    for row in made.tables["renewals"]:
        row["decided_on"] = date(2025, 3, 1)
    answer = optimize(keepwell, made)
    assert answer.code == 1
    assert "at their observation date nothing was known yet (the first fact is of 2025-07-01)" in flat(answer.err)
    answer = backtest(keepwell, made)
    assert answer.code == 1
    assert "outcomes are of 2025-03-01 to 2025-03-01" in flat(answer.err)


def test_constant_and_empty_measures_are_named_and_left_out(keepwell: Command, made: Company) -> None:
    made.tables["calls"] = [{"account_id": "nobody", "day": "2026-01-01", "minutes": 3}]
    made.definitions["datasets"]["calls"] = {"file": "calls.csv", "account": "account_id", "occurred_at": "day"}
    made.definitions["metrics"] |= {
        "minutes": {"dataset": "calls", "aggregate": "avg(minutes)"},
        "always": {"formula": "logins_28d - logins_28d"},
    }
    for name in ("minutes", "always"):
        made.measures()[name] = {"weight": 4, "score": {"linear": [[0, 0], [9, 100]]}}
    answer = optimize(keepwell, made)
    assert answer.code == 0, answer.err
    assert "constant: it has the same value in every observation" in flat(answer.out)
    assert "empty: it has no value in any observation" in flat(answer.out)
    answer = backtest(keepwell, made)
    assert "measure 'always' of scorecard 'health' always gave 0, so it tells nobody apart" in flat(answer.out)
    assert "measure 'minutes' of scorecard 'health' never had a score" in flat(answer.out)
    assert "No loss rates" not in answer.out


def test_nothing_but_constant_measures(keepwell: Command, made: Company) -> None:
    made.definitions["metrics"] = {"always": {"dataset": "logins", "aggregate": "count()", "where": "1 = 0"}}
    made.measures().clear()
    made.measures()["always"] = {"weight": 1, "score": {"linear": [[0, 0], [9, 100]]}}
    answer = optimize(keepwell, made)
    assert answer.code == 1
    assert "nothing can be learned from any measure or metric" in flat(answer.err)
    assert "always: constant: it has the same value in every observation" in flat(answer.err)
    assert "everybody has the same score, which tells nobody apart" in flat(backtest(keepwell, made).out)


def test_of_perfectly_collinear_measures_one_stays(keepwell: Command, made: Company) -> None:
    made.definitions["metrics"] |= {
        "twice": {"formula": "2 * logins_28d"},
        "sum_of_both": {"formula": "logins_28d - tickets_90d"},
    }
    for name in ("twice", "sum_of_both"):
        made.measures()[name] = {"weight": 3, "score": {"linear": [[0, 0], [40, 100]]}}
    answer = optimize(keepwell, made)
    assert answer.code == 0, answer.err
    assert "it says the same as logins; which of the two matters cannot be known from these data" in flat(answer.out)
    report = json.loads((made.folder.parent / "draft" / "report.json").read_text())
    shares = {one["name"]: one["new_share"] for one in report["changes"] if one["new_share"]}
    assert sum(shares.values()) == 100
    assert not {"logins", "twice"} <= shares.keys()
    assert backtest(keepwell, made).code == 0


def test_duplicated_and_contradicting_outcomes(keepwell: Command, made: Company) -> None:
    rows = made.tables["renewals"]
    rows += [dict(row) for row in rows[:5]] + [{**row, "result": OPPOSITE[row["result"]]} for row in rows[5:9]]
    assert optimize(keepwell, made).code == 0
    page = (made.folder.parent / "draft" / "report.html").read_text()
    said = flat(backtest(keepwell, made).out)
    for words in ("5 rows of", "repeat another row and count once", "4 days on which one account both churned and"):
        assert words in page
        assert words in said


def test_outcomes_that_all_contradict_each_other(keepwell: Command, made: Company) -> None:
    rows = made.tables["renewals"]
    rows += [{**row, "result": OPPOSITE[row["result"]]} for row in rows]
    for answer in (optimize(keepwell, made), backtest(keepwell, made)):
        assert answer.code == 1
        assert "hold no decision that can be used. 120 days on which one account both churned and" in flat(answer.err)


ATTRIBUTES = """
schemes: {traffic_light: {bands: [{label: red, up_to: 40}, {label: green, up_to: 100}]}}
datasets:
  customers: {role: accounts, file: customers.csv, key: id, types: {contract: text}}
  churn: {role: outcomes, file: customers.csv, account: id, outcome: left, values: {"Yes": churned, "No": renewed},
          types: {left: text}}
metrics:
  tenure: {attribute: tenure}
  contract: {attribute: contract}
  charges: {attribute: charges}
scorecards:
  health:
    scheme: traffic_light
    groups:
      all:
        weight: 1
        measures:
          tenure: {weight: 1, score: {linear: [[0, 0], [70, 100]]}}
          contract: {weight: 1, score: {levels: {monthly: 0, yearly: 100}}}
"""


@pytest.fixture
def customers(tmp_path: Path) -> tuple[Path, Path]:
    """One table: what is known of each customer, and whether it left. No dates."""
    random = np.random.default_rng(3)
    lines = ["id,tenure,contract,charges,left"]
    for number in range(400):
        tenure, is_yearly = int(random.integers(0, 71)), bool(random.random() < 0.4)
        odds = 0.5 - 0.05 * tenure - 1.5 * is_yearly
        left = "Yes" if random.random() < 1 / (1 + np.exp(-odds)) else "No"
        lines.append(f"c{number},{tenure},{'yearly' if is_yearly else 'monthly'},{random.uniform(20, 99):.2f},{left}")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "customers.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "definitions").mkdir()
    (tmp_path / "definitions" / "health.yaml").write_text(ATTRIBUTES)
    return tmp_path / "definitions", tmp_path / "data"


def test_attributes_and_one_outcome_an_account_are_enough(
    keepwell: Command, customers: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, data = customers
    answer = keepwell("optimize", folder, "--data", data, *LEARN, "--out", tmp_path / "draft")
    assert answer.code == 0, answer.err
    assert "outcomes have no dates" in flat(answer.out)
    assert "what goes together, and not what could have been foretold" in flat(answer.out)
    report = json.loads((tmp_path / "draft" / "report.json").read_text())
    assert report["outcomes"]["way"] == "at_one_date"
    assert report["held_out"]["figures"]["auc"]["new"]["low"] > 0.6
    others = tmp_path / "others"
    others.mkdir()
    (others / "customers.csv").write_text(
        "id,tenure,contract,charges,left\nnew,2,monthly,50,\nold,60,yearly,50,\nstrange,,weekly,,\n"
    )
    out = tmp_path / "scores.csv"
    answer = keepwell("score", tmp_path / "draft", "--data", others, "--as-of", "2026-10-31", "--out", out)
    assert answer.code == 0, answer.err
    rows = csv.DictReader(out.read_text().splitlines())
    scores = {row["account_id"]: float(row["final_score"]) for row in rows if row["node"] == "overall"}
    assert scores["new"] < 20 < scores["strange"] < 75 < scores["old"]


def test_a_backtest_of_attributes_says_that_nothing_was_foretold(
    keepwell: Command, customers: tuple[Path, Path]
) -> None:
    folder, data = customers
    answer = keepwell("backtest", folder, "--data", data, *SPAN, "--trust", "all")
    assert answer.code == 0, answer.err
    assert "outcomes without dates" in answer.out
    assert "not what could have been foretold" in flat(answer.out)


BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == sys.argv[1]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
from keepwell.cli.app import run
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    ("library", "verb"),
    [("scipy", "backtest"), ("scipy", "optimize"), ("sklearn", "optimize"), ("optbinning", "optimize")],
)
def test_a_missing_extra_is_one_sentence(customers: tuple[Path, Path], tmp_path: Path, library: str, verb: str) -> None:
    folder, data = customers
    own = SPAN if verb == "backtest" else (*LEARN, "--out", str(tmp_path / "draft"))
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, library, verb, str(folder), "--data", str(data), *own],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert done.returncode == 1
    assert done.stdout == ""
    sentence, count = done.stderr.splitlines()
    assert f"needs {library}, which is not installed; run: pip install 'keepwell[learning]'" in sentence
    assert count == "1 error."


def test_everything_else_works_without_the_extra(customers: tuple[Path, Path]) -> None:
    folder, data = customers
    script = BLOCKED.replace("== sys.argv[1]", "in ('scipy', 'sklearn', 'optbinning', 'pandas')")
    done = subprocess.run(
        [sys.executable, "-c", script, "-", "score", str(folder), "--data", str(data), "--as-of", "2026-10-31"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
