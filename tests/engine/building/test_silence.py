"""Datasets that should bring rows and do not, and what rests on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keepwell.engine.tidy import tidy
from tests.engine.building.places import metric, scored, values_at

LOGINS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id, parent: parent}
  logins: {file: logins.csv, account: account_id, occurred_at: day, expected_every: 2 days}
metrics:
  logins: {dataset: logins, aggregate: count()}
  latest: {dataset: logins, aggregate: latest(pages)}
  twice: {formula: logins * 2}
  growth: {change_of: twice, over: 3 days}
  below: {children: twice, of: accounts, aggregate: sum}
  seats: {attribute: seats}
schemes: {numeric: {}}
scorecards:
  card:
    scheme: numeric
    groups:
      use:
        weight: 1
        measures:
          twice: {weight: 1, score: {linear: [[0, 0], [10, 100]]}, valid_for: 100 days, when_stale: drop}
"""
FILES = {
    "accounts": "account_id,parent,seats\nA,,1\nB,A,2\n",
    "logins": "account_id,day,pages\nA,2024-02-01,3\nB,2024-03-01,4\n",
}


@pytest.mark.slow
def test_whatever_rests_on_a_silent_dataset_is_silent_since_its_newest_row(tmp_path: Path) -> None:
    fresh, silent = values_at(tmp_path, LOGINS, FILES, "2024-03-03", "2024-03-04")
    assert fresh.accounts.silent == {}
    on_it = ("logins", "latest", "twice", "growth", "below")
    assert silent.accounts.silent == dict.fromkeys(on_it, date(2024, 3, 1))
    assert {silent.accounts.observed[name] for name in on_it[:4]} == {date(2024, 3, 1)}


@pytest.mark.slow
def test_without_any_row_nothing_was_ever_observed(tmp_path: Path) -> None:
    files = {**FILES, "logins": "account_id,day,pages\nB,2024-03-01,4\n"}
    never, silent = values_at(tmp_path, LOGINS, files, "2024-02-28", "2024-03-05")
    on_it = ("logins", "latest", "twice", "growth", "below")
    assert never.accounts.silent == dict.fromkeys(on_it, None)
    assert all(np.isnat(np.asarray(never.accounts.observed[name])).all() for name in on_it)
    assert metric(never, "logins") == {"A": 0, "B": 0}
    assert any("it has no row up to then" in warning for warning in never.warnings)
    assert silent.accounts.silent == dict.fromkeys(on_it, date(2024, 3, 1))  # growth looks at a date without any row


@pytest.mark.slow
@pytest.mark.parametrize(("policy", "final"), [("flag", 0), ("drop", None), ("decay", None)])
def test_a_measure_on_a_dataset_without_any_row_is_stale(tmp_path: Path, policy: str, final: float | None) -> None:
    files = {**FILES, "logins": "account_id,day,pages\nB,2024-03-01,4\n"}
    definitions = LOGINS.replace("when_stale: drop", f"when_stale: {policy}")
    rows = tidy(scored(tmp_path, definitions, files, "2024-02-28").scores).to_pylist()
    (found,) = [row for row in rows if row["node"] == "twice" and row["account_id"] == "A"]
    assert (found["observed_at"], found["stale"]) == (None, True)
    (overall,) = [row for row in rows if row["node_kind"] == "overall" and row["account_id"] == "A"]
    assert overall["final_score"] == final


@pytest.mark.slow
def test_a_measure_of_a_formula_over_a_silent_dataset_is_stale_whatever_valid_for_says(tmp_path: Path) -> None:
    run = scored(tmp_path, LOGINS, FILES, "2024-03-04")
    (card,) = run.scores.accounts.cards.values()
    assert card.stale.all()
    assert np.isnan(card.final).all()


@pytest.mark.slow
def test_rows_of_relationships_alone_may_be_expected_too(tmp_path: Path) -> None:
    definitions = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  units: {role: relationships, file: units.csv, key: unit, account: account_id}
  use: {file: use.csv, relationship: unit, occurred_at: day, expected_every: 1 day}
metrics:
  uses: {dataset: use, aggregate: count()}
  all_uses: {children: uses, of: relationships, aggregate: sum}
"""
    rows = {"units": "unit,account_id\nu1,A\n", "use": "unit,day\nu1,2024-03-01\n"}
    (values,) = values_at(tmp_path, definitions, rows, "2024-03-10")
    assert metric(values, "uses", "relationship") == {"u1": 1}
    assert values.accounts.silent == {"all_uses": date(2024, 3, 1)}


@pytest.mark.slow
def test_a_formula_is_as_old_as_the_oldest_of_what_was_observed(tmp_path: Path) -> None:
    definitions = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  visits: {file: visits.csv, account: account_id, occurred_at: day}
metrics:
  praise: {dataset: visits, aggregate: avg(stars)}
  blame: {dataset: visits, aggregate: max(faults)}
  mood: {formula: "coalesce(praise, 0) - coalesce(blame, 0)"}
"""
    rows = {"visits": "account_id,day,stars,faults\nA,2024-01-01,3,\nA,2024-02-01,,1\nB,2024-01-05,4,\n"}
    (values,) = values_at(tmp_path, definitions, rows, "2024-03-10")
    assert np.asarray(values.accounts.observed["mood"]).astype(str).tolist() == ["2024-01-01", "2024-01-05"]
