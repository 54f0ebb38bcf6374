"""Data that cannot answer: each says plainly what cannot be known, and prints no number that means nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from keepwell.errors import DataRefused, RequestRefused
from keepwell.learning.findings import BacktestReport, Ranks
from keepwell.learning.observing import Question
from tests.learning.company import ASKED, Company, company

pytestmark = pytest.mark.slow


@pytest.fixture
def made(tmp_path: Path) -> Company:
    return company(tmp_path)


def reasons(ranks: Ranks) -> set[str | None]:
    figures = (ranks.auc, ranks.average_precision, ranks.top_decile_lift)
    assert all((one.value, one.low, one.high) == (None, None, None) for one in figures)
    return {one.reason for one in figures}


def told(report: BacktestReport) -> str:
    return "\n".join([*map(str, report.asides), *report.notes])


def decide(made: Company, result: str) -> None:
    for row in made.tables["renewals"]:
        row["result"] = result


def nothing_is_known(report: BacktestReport, words: str) -> None:
    (reason,) = reasons(report.ranks)
    assert words in (reason or "")
    assert report.calibrated.brier.value is None
    assert report.calibrated.brier_skill.value is None
    assert report.calibrated.bins == ()
    assert all(row.loss_rate.value is None for row in report.bands)
    assert report.warned is not None
    assert all(row.below_best.value is None and row.worst.value is None for row in report.warned.rows)


def test_no_churn_at_all(made: Company) -> None:
    decide(made, "won")
    for row in made.tables["accounts"]:
        row["ended_on"] = ""
    nothing_is_known(made.backtest(), "nobody left")


def test_one_churn(made: Company) -> None:
    decide(made, "won")
    made.tables["renewals"][3]["result"] = "lost"
    nothing_is_known(made.backtest(), "only 1 account left")


def test_everybody_churned(made: Company) -> None:
    decide(made, "lost")
    report = made.backtest(Question(ASKED.first, ASKED.last, 30, way="before_decisions"))
    nothing_is_known(report, "everybody left")


def test_a_constant_measure_alone(made: Company) -> None:
    made.measures().clear()
    made.measures()["flat"] = {"metric": "logins_28d", "weight": 1, "score": {"steps": [{"score": 50}]}}
    report = made.backtest()
    (reason,) = reasons(report.ranks)
    assert "same score" in (reason or "")
    assert report.calibrated.brier.value is None
    assert "measure 'flat' of scorecard 'health' always gave 50" in told(report)


def test_an_empty_measure_beside_others_and_alone(made: Company) -> None:
    full = made.backtest()
    made.tables["calls"] = [{"account_id": "nobody", "day": "2026-01-01", "minutes": 3}]
    made.definitions["datasets"]["calls"] = {"file": "calls.csv", "account": "account_id", "occurred_at": "day"}
    made.definitions["metrics"]["minutes"] = {"dataset": "calls", "aggregate": "avg(minutes)"}
    made.measures()["minutes"] = {"weight": 4, "score": {"linear": [[0, 0], [9, 100]]}}
    beside = made.backtest()
    assert beside.ranks == full.ranks
    assert "measure 'minutes' of scorecard 'health' never had a score" in told(beside)
    for name in ("logins", "tickets"):
        del made.measures()[name]
    alone = made.backtest(Question(ASKED.first, ASKED.last, 10))
    (reason,) = reasons(alone.ranks)
    assert "none of the observations has a score" in (reason or "")
    assert alone.unscored == alone.observations


def test_two_percent_of_accounts_with_history(tmp_path: Path) -> None:
    made = company(tmp_path, accounts=100)
    known = {"a000", "a001"}
    for name in ("logins", "tickets"):
        made.tables[name] = [row for row in made.tables[name] if row["account_id"] in known]
    made.definitions["metrics"]["logins_28d"]["empty"] = "null"
    made.definitions["metrics"]["tickets_90d"]["empty"] = "null"
    report = made.backtest()
    (reason,) = reasons(report.ranks)
    assert "left" in (reason or "") or "score" in (reason or "")
    assert report.unscored >= 98
    assert "98 of 100 observations (98%) are of accounts of which no fact had arrived by then" in told(report)
    assert "98 of 100 observations tell nothing about ranking" in told(report)


def test_who_has_facts_is_no_ranking(tmp_path: Path) -> None:
    """Nothing counts as none: all accounts without facts look alike, and a few others beside them prove nothing."""
    made = company(tmp_path, accounts=100)
    for name in ("logins", "tickets"):
        made.tables[name] = [row for row in made.tables[name] if row["account_id"] in ("a000", "a001")]
    report = made.backtest()
    nothing_is_known(report, "facts were known of 2 of 100 accounts")
    assert all(part.ranks.auc.value is None for part in report.parts)
    assert report.loss_rate.value is not None


def test_outcomes_before_the_first_fact(made: Company) -> None:
    early = [{**row, "decided_on": date(2025, 7, 20)} for row in made.tables["renewals"][:7]]
    made.tables["renewals"] += early
    report = made.backtest(Question(date(2025, 7, 1), ASKED.last, 30))
    assert "7 decisions were left out: at their observation date nothing was known yet" in told(report)
    assert report.observations == 80
    with pytest.raises(RequestRefused, match="no decision from 2025-07-01 to 2025-07-31") as refused:
        made.backtest(Question(date(2025, 7, 1), date(2025, 7, 31), 30))
    assert any("nothing was known yet" in str(problem) for problem in refused.value.notes)


def test_outcomes_of_accounts_that_had_ended_had_not_started_or_are_unknown(made: Company) -> None:
    accounts, renewals = made.tables["accounts"], made.tables["renewals"]
    accounts[0]["ended_on"], accounts[1]["signed_on"] = "2025-08-01", "2026-09-30"
    renewals[0]["decided_on"] = renewals[1]["decided_on"] = date(2026, 5, 5)
    renewals.append({"account_id": "stranger", "decided_on": date(2026, 5, 5), "result": "lost", "arr": 1})
    said = told(made.backtest())
    assert "1 decision was left out: their account had ended by the observation date (such as a000)" in said
    assert "1 decision was left out: their account had not started by the observation date (such as a001)" in said
    assert "1 decision was left out: the accounts dataset does not have their account (such as stranger)" in said


def test_duplicated_and_contradicting_outcomes(made: Company) -> None:
    before = made.backtest()
    renewals = made.tables["renewals"]
    renewals += [dict(row) for row in renewals[:5]]
    again = made.backtest()
    assert again.variants == before.variants
    assert "5 rows of 'renewals' repeat another row and count once" in told(again)
    opposite = {"won": "lost", "lost": "won"}
    renewals += [{**row, "result": opposite[row["result"]]} for row in renewals[5:9]]
    less = made.backtest()
    assert less.observations == before.observations - 4
    assert "4 days on which one account both churned and stayed were left out" in told(less)


def test_nothing_but_contradictions(made: Company) -> None:
    opposite = {"won": "lost", "lost": "won"}
    made.tables["renewals"] += [{**row, "result": opposite[row["result"]]} for row in made.tables["renewals"]]
    with pytest.raises(DataRefused, match=r"no decision that can be used\. 80 days on which one account both churned"):
        made.backtest()


def test_several_decisions_of_one_day_add_up(made: Company) -> None:
    made.definitions["datasets"]["renewals"]["values"]["more"] = "expanded"
    kept = next(row for row in made.tables["renewals"] if row["result"] == "won")
    made.tables["renewals"].append({**kept, "result": "more", "arr": 250})
    report = made.backtest()
    assert report.observations == 80
    assert "1 day with several decisions of one account counts as one decision" in told(report)


def test_words_that_stand_for_no_outcome(made: Company) -> None:
    made.tables["renewals"][0]["result"] = "pending"
    report = made.backtest()
    assert report.observations == 79
    assert "1 row of 'renewals' says 'pending', which stands for no outcome under 'values'" in told(report)
    decide(made, "pending")
    with pytest.raises(DataRefused, match="no decision that can be used"):
        made.backtest()


def test_no_outcomes_dataset(made: Company) -> None:
    del made.definitions["datasets"]["renewals"]
    with pytest.raises(RequestRefused, match="no dataset has role: outcomes"):
        made.backtest()


def test_questions_without_sense(made: Company) -> None:
    for question, words in (
        (Question(ASKED.last, ASKED.first, 30), "give the earlier date first"),
        (Question(ASKED.first, ASKED.last, -1), "looks ahead"),
        (Question(ASKED.first, ASKED.last, 30, every_days=0), "a step between dates of 0 days"),
        (Question(date(2030, 1, 1), date(2030, 2, 1), 30), "no decision from 2030-01-01"),
    ):
        with pytest.raises(RequestRefused, match=words):
            made.backtest(question)


def test_a_card_that_does_not_exist(made: Company) -> None:
    with pytest.raises(RequestRefused, match="did you mean 'health'"):
        made.backtest(scorecard="helth")


def test_decisions_known_before_they_were_made(made: Company) -> None:
    """A notice of two months: at 30 days there is nothing left to foretell."""
    made.definitions["datasets"]["renewals"]["recorded_at"] = "told_on"
    for row in made.tables["renewals"]:
        row["told_on"] = row["decided_on"] - timedelta(days=60 if row["result"] == "lost" else 0)
    report = made.backtest()
    assert report.lost == 0
    assert "decisions were left out: they were known already at their observation date" in told(report)
