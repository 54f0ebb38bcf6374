"""Outcomes that hold losses only: everybody on a grid of dates, lost or not within a horizon."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from keepwell.learning.observations import Observations
from keepwell.learning.observing import Question, observe
from keepwell.learning.outcomes import read_outcomes
from tests.learning.company import ASKED, Company, company, ticket


@pytest.fixture
def made(tmp_path: Path) -> Company:
    found = company(tmp_path)
    found.tables["renewals"] = [row for row in found.tables["renewals"] if row["result"] == "lost"]
    return found


GRID = Question(ASKED.first, ASKED.last, lead_days=10, every_days=30, horizon_days=60)
LEAD, HORIZON = np.timedelta64(10, "D"), np.timedelta64(60, "D")


def observed(made: Company, question: Question = GRID) -> Observations:
    with made.data() as data:
        return observe(data.project, data, read_outcomes(data.project, data), question)


@pytest.mark.slow
def test_windows_lie_within_the_days_asked_for_and_before_the_last_known_outcome(made: Company) -> None:
    found = observed(made)
    last_known = max(row["decided_on"] for row in made.tables["renewals"])
    for day in (one.astype(date) for one in found.dates):
        assert day + timedelta(days=11) >= GRID.first
        assert day + timedelta(days=70) <= min(GRID.last, last_known)
    censored = next(str(one) for one in found.asides if "horizon ends after the last known outcome" in str(one))
    assert str(last_known) in censored


@pytest.mark.slow
def test_losses_are_those_of_the_window(made: Company) -> None:
    found = observed(made)
    left = {row["account_id"]: np.datetime64(row["decided_on"], "D") for row in made.tables["renewals"]}
    for account, as_of, lost, decided in zip(
        found.account.to_pylist(), found.as_of, found.lost, found.decided_on, strict=True
    ):
        inside = account in left and as_of + LEAD < left[account] <= as_of + LEAD + HORIZON
        assert lost == inside
        assert decided == left[account] if lost else np.isnat(decided)
        assert account not in left or left[account] > as_of + LEAD  # who had gone is not seen to stay


@pytest.mark.slow
def test_an_end_without_an_outcome_is_neither_lost_nor_kept(made: Company) -> None:
    stays = next(row for row in made.tables["accounts"] if not row["ended_on"])
    stays["ended_on"] = date(2026, 4, 1)
    found = observed(made)
    own = found.as_of[np.array(found.account.to_pylist()) == stays["account_id"]]
    assert (own + LEAD + HORIZON < np.datetime64("2026-04-01")).all()
    assert any("ended within the horizon without an outcome" in str(one) for one in found.asides)


@pytest.mark.slow
def test_a_score_that_tells_is_seen_to_tell(made: Company) -> None:
    report = made.backtest(GRID)
    assert report.asked.way == "on_grid"
    assert report.ranks.auc.low > 0.6
    assert report.observations > report.accounts
    assert report.warned is not None
    assert report.warned.rows[0].below_best.numbers.lost == report.warned.rows[0].below_best.numbers.accounts


@pytest.mark.slow
def test_rows_that_arrive_late_change_nothing_on_a_grid(made: Company) -> None:
    before = made.backtest(GRID).to_json()
    for row in list(made.tables["renewals"]):
        opened = row["decided_on"] - timedelta(days=20)
        late = row["decided_on"] + timedelta(days=300)
        made.tables["tickets"].append(ticket(made, row["account_id"], opened, loaded_on=late))
    assert made.backtest(GRID).to_json() == before
