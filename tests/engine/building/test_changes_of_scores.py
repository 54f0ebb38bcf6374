"""Changes of metrics that rest on scores: the scores of the earlier date are computed, once and not without an end."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.engine.run import Run
from tests.engine.building.places import scored

DEFINITIONS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id, parent: parent}
  units: {role: relationships, file: units.csv, key: unit, account: account_id}
  use: {file: use.csv, account: account_id, relationship: unit, occurred_at: day}
metrics:
  uses: {dataset: use, aggregate: count(), window: 7 days}
  below: {children: overall_score, of: %s, aggregate: avg}
  growth: {change_of: below, over: 7 days}
  twice: {formula: growth * 2}
  jolt: {change_of: growth, over: 7 days}
schemes: {numeric: {}}
scorecards:
  units:
    for: relationship
    scheme: numeric
    groups: {use: {weight: 1, measures: {uses: {weight: 1, score: {linear: [[0, 0], [10, 100]]}}}}}
  accounts:
    scheme: numeric
    groups: {use: {weight: 1, measures: {%s: {weight: 1, score: {linear: [[-100, 0], [100, 100]]}}}}}
"""
FILES = {
    "accounts": "account_id,parent\nA,\nB,A\n",
    "units": "unit,account_id\nu,A\n",
    "use": "account_id,unit,day\n" + "A,u,2024-03-01\n" * 2 + "B,u,2024-03-08\n" * 3,
}


def of_a(run: Run, name: str) -> float | None:
    found: float | None = run.scores.accounts.metrics[name][0].as_py()
    return found


@pytest.mark.slow
def test_a_card_of_accounts_may_rest_on_the_change_of_scores_of_relationships(tmp_path: Path) -> None:
    run = scored(tmp_path, DEFINITIONS % ("relationships", "twice"), FILES, "2024-03-08")
    assert (of_a(run, "below"), of_a(run, "growth"), of_a(run, "twice")) == (30, pytest.approx(10), pytest.approx(20))
    assert run.scores.accounts.finals[0] == pytest.approx(60)


@pytest.mark.slow
def test_the_change_of_scores_of_accounts_is_there_to_be_reported(tmp_path: Path) -> None:
    run = scored(tmp_path, DEFINITIONS % ("accounts", "uses"), FILES, "2024-03-08")
    assert (of_a(run, "below"), of_a(run, "growth")) == (pytest.approx(51.5), pytest.approx(1.5))
    assert of_a(run, "jolt") == pytest.approx(1.5)
