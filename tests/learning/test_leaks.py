"""Three planted leaks. With each, every figure equals that of the run without it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from keepwell.errors import RequestRefused
from tests.learning.company import Company, company, ticket

pytestmark = pytest.mark.slow

FIGURES = ("loss_rate", "variants", "bands", "warned", "calibrated", "observations", "lost", "unscored")


@pytest.fixture
def honest(tmp_path: Path) -> Company:
    return company(tmp_path)


def figures(made: Company, **settings: Any) -> dict[str, Any]:
    found = made.backtest(**settings).to_json()
    parts = [part for part in found["parts"] if part["kind"] == "period"]
    return {key: found[key] for key in FIGURES} | {"parts": parts}


def lost(made: Company) -> dict[str, date]:
    return {row["account_id"]: row["decided_on"] for row in made.tables["renewals"] if row["result"] == "lost"}


def test_rows_that_arrived_after_the_outcome(honest: Company) -> None:
    """Tickets back-dated by the clean-up of accounts that had left."""
    before = figures(honest)
    for account, decided in lost(honest).items():
        for back in (5, 35, 40, 100):
            opened = decided - timedelta(days=back)
            honest.tables["tickets"].append(ticket(honest, account, opened, loaded_on=decided + timedelta(days=1)))
    assert figures(honest) == before
    for row in honest.tables["tickets"]:
        row["loaded_on"] = row["opened_on"]
    assert figures(honest) != before  # had they been known, they would have told


def test_rows_that_arrived_between_the_observation_and_the_decision(honest: Company) -> None:
    before = figures(honest)
    for account, decided in lost(honest).items():
        opened = decided - timedelta(days=60)
        honest.tables["tickets"].append(ticket(honest, account, opened, loaded_on=decided - timedelta(days=29)))
    assert {**figures(honest), "warned": None} == {**before, "warned": None}


def test_a_column_that_is_known_later(honest: Company) -> None:
    """Why a ticket was closed: only of those who left it was 'cancelled', written when they left."""
    honest.definitions["metrics"]["cancelled"] = {
        "dataset": "tickets",
        "aggregate": "count()",
        "where": "reason = 'cancelled'",
    }
    honest.measures()["cancelled"] = {"weight": 5, "score": {"steps": [{"up_to": 0, "score": 100}, {"score": 0}]}}
    left = lost(honest)
    for row in honest.tables["tickets"]:
        if row["account_id"] in left:
            row["closed_on"] = left[row["account_id"]]
    before = figures(honest)
    for row in honest.tables["tickets"]:
        if row["account_id"] in left:
            row["reason"] = "cancelled"
    assert figures(honest) == before
    honest.definitions["datasets"]["tickets"]["known_later"] = {"closed_on": "closed_on"}
    assert figures(honest) != before


def without_history(made: Company) -> None:
    """The accounts' file is today's, with a flag that was set when they left."""
    accounts = made.definitions["datasets"]["accounts"]
    made.definitions["datasets"]["accounts"] = {key: one for key, one in accounts.items() if key != "changed_at"}
    left = lost(made)
    for row in made.tables["accounts"]:
        row["at_risk"] = row["account_id"] in left


def test_an_attribute_without_history(honest: Company) -> None:
    without_history(honest)
    before = figures(honest)
    honest.definitions["metrics"]["at_risk"] = {"attribute": "at_risk"}
    honest.measures()["at_risk"] = {"weight": 9, "score": {"levels": {"true": 0, "false": 100}}}
    honest.card()["overrides"] = [
        {"name": "flagged", "when": "at_risk", "effect": {"at_most": "red"}},
        {"name": "by_measure", "when": "measure.at_risk = 0", "effect": {"set": 0}},
    ]
    honest.definitions["segments"] = {"flagged": "at_risk"}
    assert figures(honest) == before
    report = honest.backtest()
    assert any("attribute 'at_risk' of 'accounts' has no history" in note for note in report.notes)
    assert not [part for part in report.parts if part.kind == "segment"]


def test_an_attribute_without_history_that_somebody_trusts(honest: Company) -> None:
    without_history(honest)
    honest.definitions["metrics"]["at_risk"] = {"attribute": "at_risk"}
    honest.measures()["at_risk"] = {"weight": 9, "score": {"levels": {"true": 0, "false": 100}}}
    assert honest.backtest(trusted=["at_risk"]).ranks.auc.value > honest.backtest().ranks.auc.value
    with pytest.raises(RequestRefused, match="did you mean 'at_risk'"):
        honest.backtest(trusted=["at_rsk"])


@pytest.mark.parametrize(
    "metric",
    [
        {"formula": "case when at_risk then 1 else 0 end"},
        {"formula": "case when in_segment('flagged') then 1 else 0 end"},
        {"formula": "logins_28d + case when at_risk then 0 else 9 end"},
    ],
)
def test_the_way_round_an_attribute_is_closed_too(honest: Company, metric: dict[str, Any]) -> None:
    without_history(honest)
    before = figures(honest)
    honest.definitions["segments"] = {"flagged": "at_risk"}
    honest.definitions["metrics"]["hidden"] = metric
    honest.definitions["metrics"]["hidden_change"] = {"change_of": "hidden", "over": "28 days"}
    for name in ("hidden", "hidden_change"):
        honest.measures()[name] = {"weight": 9, "score": {"linear": [[0, 100], [9, 0]]}}
    honest.measures()["ranked"] = {
        "metric": "logins_28d",
        "weight": 9,
        "score": {"percentile": {"within": "at_risk"}},
    }
    assert figures(honest) == before


def test_a_dataset_without_time_is_left_out(honest: Company) -> None:
    before = figures(honest)
    honest.tables["notes"] = [{"account_id": account} for account in lost(honest)]
    honest.definitions["datasets"]["notes"] = {"file": "notes.csv", "account": "account_id"}
    honest.definitions["metrics"]["notes"] = {"dataset": "notes", "aggregate": "count()"}
    honest.measures()["notes"] = {"weight": 9, "score": {"linear": [[0, 100], [1, 0]]}}
    assert figures(honest) == before
    assert figures(honest, trusted=["notes"]) != before


def test_a_card_chosen_by_an_attribute_without_history_is_refused(honest: Company) -> None:
    without_history(honest)
    honest.card()["applies_to"] = "not at_risk"
    with pytest.raises(RequestRefused, match="scorecard 'health' is chosen by attribute 'at_risk' of 'accounts'"):
        honest.backtest()


def test_nothing_but_attributes_without_history_is_refused(honest: Company) -> None:
    without_history(honest)
    honest.definitions["metrics"]["at_risk"] = {"attribute": "at_risk"}
    honest.measures().clear()
    honest.measures()["at_risk"] = {"weight": 9, "score": {"levels": {"true": 0, "false": 100}}}
    with pytest.raises(RequestRefused, match="nothing of the scorecards can be backtested"):
        honest.backtest()


def test_the_end_of_an_account_is_not_known_before_its_day(honest: Company) -> None:
    """ended_at of today says who left: neither the population nor a metric may see it early."""
    before = figures(honest)
    for row in honest.tables["accounts"]:
        row["ended_on"] = ""
    assert figures(honest) == before


def test_what_is_entered_after_the_observation_is_not_seen(honest: Company) -> None:
    honest.definitions["datasets"]["entries"] = {
        "role": "entries",
        "file": "entries.csv",
        "account": "account_id",
        "occurred_at": "entered_on",
        "recorded_at": "loaded_on",
    }
    honest.measures()["pulse"] = {"manual": True, "weight": 9}
    left = lost(honest)
    row = {"measure": "pulse", "score": 50, "entered_on": "2025-09-01", "loaded_on": "2025-09-01"}
    honest.tables["entries"] = [{"account_id": one["account_id"], **row} for one in honest.tables["accounts"]]
    before = figures(honest)
    for account, decided in left.items():
        entered = decided - timedelta(days=60)
        late = {"measure": "pulse", "score": 0, "entered_on": entered, "loaded_on": decided}
        honest.tables["entries"].append({"account_id": account, **late})
    assert figures(honest) == before
    for one in honest.tables["entries"]:
        one["loaded_on"] = one["entered_on"]
    told = honest.backtest()
    assert told.variants["as_shown"].auc.value > told.variants["without_entered"].auc.value
