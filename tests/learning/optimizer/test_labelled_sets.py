"""Sets that nobody here wrote, through the command line: one that supports a card, and one that does not."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from keepwell.cli.app import run
from keepwell.learning.figures.ranking import auc

TELCO = """
schemes: {numeric: {}}
datasets:
  customers: {role: accounts, file: customers.csv, key: customerID, types: {Contract: text, InternetService: text}}
  churn: {role: outcomes, file: customers.csv, account: customerID, outcome: Churn, types: {Churn: text},
          values: {"Yes": churned, "No": renewed}}
metrics:
  tenure: {attribute: tenure}
  charges: {attribute: MonthlyCharges}
  contract: {attribute: Contract}
  internet: {attribute: InternetService}
  security: {attribute: OnlineSecurity}
scorecards:
  health:
    scheme: numeric
    groups:
      all:
        weight: 1
        measures:
          tenure: {weight: 1, score: {linear: [[0, 0], [72, 100]]}}
          charges: {weight: 1, score: {linear: [[20, 100], [110, 0]]}}
          contract: {weight: 1, score: {levels: {Month-to-month: 0, One year: 50, Two year: 100}}}
"""
RAVENSTACK = """
schemes: {numeric: {}}
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  churn: {role: outcomes, file: accounts.csv, account: account_id, outcome: churned, types: {churned: text},
          values: {"1": churned, "0": renewed}}
metrics:
  usage: {attribute: usage_90}
  features: {attribute: features_90}
  errors: {attribute: errors_90}
  tickets: {attribute: tickets_180}
  escalations: {attribute: escalations_180}
  csat: {attribute: csat_180}
scorecards:
  health:
    scheme: numeric
    groups:
      all:
        weight: 1
        measures:
          usage: {weight: 1, score: {linear: [[0, 0], [400, 100]]}}
          tickets: {weight: 1, score: {linear: [[0, 100], [8, 0]]}}
"""


def define(folder: Path, text: str) -> Path:
    (folder / "definitions").mkdir()
    (folder / "definitions" / "health.yaml").write_text(text)
    return folder / "definitions"


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def write(file: Path, rows: list[dict[str, str]]) -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def area(folder: Path, data: Path, out: Path, rows: list[dict[str, str]]) -> float:
    """AUC of what `keepwell score` writes."""
    assert run(["score", str(folder), "--data", str(data), "--as-of", "2026-10-31", "--out", str(out)]) == 0
    scores = {row["account_id"]: float(row["final_score"]) for row in rows_of(out) if row["node"] == "overall"}
    lost = np.array([row["Churn"] == "Yes" for row in rows])
    return auc(np.array([scores[row["customerID"]] for row in rows]), lost)


@pytest.mark.slow
def test_attributes_of_one_table_are_enough_and_the_draft_scores_others(shared: Path, tmp_path: Path) -> None:
    rows = rows_of(shared / "data" / "ibm_telco" / "Telco-Customer-Churn.csv")
    train, test = rows[::2], rows[1::2]
    write(tmp_path / "train" / "customers.csv", train)
    write(tmp_path / "test" / "customers.csv", [{**row, "Churn": ""} for row in test])
    draft = tmp_path / "draft"
    options = ["--data", str(tmp_path / "train"), "--scorecard", "health", "--as-of", "2026-10-31", "--seed", "1"]
    definitions = define(tmp_path, TELCO)
    assert run(["optimize", str(definitions), *options, "--out", str(draft)]) == 0
    areas = [area(one, tmp_path / "test", tmp_path / f"{one.name}.csv", test) for one in (draft, definitions)]
    assert areas[0] > max(0.82, areas[1] + 0.01)
    promised = json.loads((draft / "report.json").read_text())["held_out"]["figures"]["auc"]["new"]
    assert promised["low"] - 0.02 < areas[0] < promised["high"] + 0.02


@pytest.mark.slow
def test_behaviour_without_signal_is_no_card(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    shutil.copyfile(shared / "data" / "ravenstack" / "snapshot_2024-07-01.csv", tmp_path / "data" / "accounts.csv")
    folder = define(tmp_path, RAVENSTACK)
    options = ["--data", str(tmp_path / "data"), "--scorecard", "health", "--as-of", "2024-12-31", "--seed", "1"]
    assert run(["optimize", str(folder), *options, "--out", str(tmp_path / "draft")]) == 1
    said = capsys.readouterr().err
    assert "the data do not support one" in said
    assert "better than chance" in said
    assert not (tmp_path / "draft").exists()
