"""What has to be so for entered scores to be judged, and from which day an entry counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from keepwell.errors import RequestRefused
from keepwell.learning.backtest import Contender, Settings
from keepwell.learning.people.entering import EntriesReport, judge_entries, read_entries
from tests.learning.company import ASKED, Company, company

pytestmark = pytest.mark.slow


@pytest.fixture
def entered(tmp_path: Path) -> Company:
    """Everybody is said to stand at 90, forty days before the decision."""
    made = company(tmp_path)
    made.definitions["datasets"]["pulse"] = {
        "role": "entries", "file": "pulse.csv", "account": "account_id", "occurred_at": "entered_on",
        "recorded_at": "typed_on",
    }  # fmt: skip
    made.measures()["pulse"] = {"sources": ["manual"], "weight": 1}
    made.tables["pulse"] = [
        {"account_id": row["account_id"], "measure": "pulse", "score": 90, "author": "Ada",
         "entered_on": row["decided_on"] - timedelta(days=40), "typed_on": row["decided_on"] - timedelta(days=40)}
        for row in made.tables["renewals"]
    ]  # fmt: skip
    return made


def judged(made: Company, **asked: int) -> EntriesReport:
    with made.data() as data:
        own = Contender("health", data.project, data)
        return judge_entries(own, replace(ASKED, **asked), Settings(trusted=("all",)))


def test_an_entry_counts_from_the_day_it_was_recorded(entered: Company) -> None:
    entered.tables["pulse"][0]["typed_on"] = date(2026, 12, 24)
    with entered.data() as data:
        days = read_entries(data.project, data)["entered_on"].to_pylist()
    assert max(days) == date(2026, 12, 24)
    assert len(set(days)) > 1


def test_a_horizon_is_refused(entered: Company) -> None:
    with pytest.raises(RequestRefused, match="whole decisions"):
        judged(entered, horizon_days=60)


def test_losses_alone_give_a_reason_and_no_figures(entered: Company) -> None:
    entered.tables["renewals"] = [row for row in entered.tables["renewals"] if row["result"] == "lost"]
    found = judged(entered)
    assert found.found is None
    assert found.reason is not None
    assert "hold losses only" in found.reason
