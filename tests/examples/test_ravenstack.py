"""RavenStack on October 1st 2024: two accounts and a subscription worked by hand from the raw rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from keepwell.engine.run import Run
from tests.examples.reading import Seen, run_example, seen

exactly = pytest.approx  # relative 1e-6: the numbers below are written with as many digits


@pytest.fixture(scope="module")
def run(shared: Path) -> Run:
    return run_example("ravenstack", shared / "data" / "ravenstack", date(2024, 10, 1))


@pytest.fixture(scope="module")
def company_156(run: Run) -> Seen:
    """A-038089: Pro, 5 seats, signed up 2023-12-19 (287 days ago); on the card of everyone else."""
    return seen(run, "A-038089")


@pytest.fixture(scope="module")
def company_367(run: Run) -> Seen:
    """A-7cfe77: Pro with 69 seats, so enterprise; signed up 2024-07-10 (83 days ago), gave notice on 2024-09-09."""
    return seen(run, "A-7cfe77")


@pytest.mark.slow
def test_the_population_are_those_who_signed_up(run: Run) -> None:
    assert len(run.scores.accounts.ids) == 420  # of 500: signup_date <= 2024-10-01
    assert len(run.scores.accounts.unassigned) == 0
    assert run.scores.relationships is not None
    assert len(run.scores.relationships.ids) == 2782  # start_date <= 2024-10-01, not ended by then


@pytest.mark.slow
def test_metrics_of_company_156(company_156: Seen) -> None:
    metrics = company_156.metrics
    # Window July 4th .. October 1st, by way of its subscriptions S-c3472f and S-7003c5:
    # 08-17 feature_37 12, 08-25 feature_30 15, 09-24 feature_25 6, no errors
    assert metrics["usage_events_90d"] == 33
    assert metrics["features_used_90d"] == 3
    assert metrics["error_rate"] == 0
    assert metrics["days_since_usage"] == 7
    # The 90 days before, April 5th .. July 3rd: 12 + 11 + 13 = 36; 100 (33 - 36) / 36
    assert metrics["usage_change"] == exactly(-8.333333)
    # Tickets from April 5th on: 14 hours and 149 minutes on 04-18, 41 hours and 102 minutes on 05-25
    assert metrics["resolution_hours_180d"] == 27.5
    assert metrics["first_response_minutes_180d"] == 125.5
    # Answers from 2023-10-03 on: 3, 5, 3
    assert metrics["satisfaction_365d"] == exactly(11 / 3)
    # Running: 245 since 06-27, 1764 since 07-23; on July 3rd only the first. Its notices come later, 10-21 and 12-25
    assert metrics["mrr"] == 2009
    assert metrics["mrr_change"] == 720
    assert metrics["churn_notices_365d"] == 0


@pytest.mark.slow
def test_card_of_company_156(company_156: Seen) -> None:
    assert company_156.card.scorecard == "everyone_else"
    assert company_156.measures == exactly(
        {
            "usage_change": 75,  # -8.3 lies in the step up to 20
            "features_used": 51.666667,  # from (2, 40) to (5, 75): 40 + 35/3
            "recent_use": 100,  # 7 days
            "resolution": 80,  # 27.5 hours: up to 36
            "errors": 100,
            "revenue_change": 100,
            "auto_renewal": 100,
            "satisfaction": 56.666667,  # from (3, 30) to (4, 70): 30 + 40 * 2/3
            "churn_notices": 100,
        }
    )
    # The latest answered ticket is of April 18th, 166 days ago: 2 - 166/120
    assert company_156.freshness["satisfaction"] == exactly(0.616667)
    assert company_156.groups == exactly(
        {
            "adoption": 75.666667,  # (75 + 2 * 51.666667 + 2 * 100) / 5
            "support": 86.666667,  # (2 * 80 + 100) / 3
            "commercial": 100,
            "sentiment": 83.470790,  # (0.616667 * 56.666667 + 100) / 1.616667
        }
    )
    # 0.45 * 75.666667 + 0.2 * 86.666667 + 0.2 * 100 + 0.15 * 83.470790
    assert company_156.computed == exactly(83.903952)
    assert company_156.final == company_156.computed
    assert company_156.label == "green"
    assert company_156.overrides == ()
    # 1 - 0.15 * (1 - 1.616667 / 2)
    assert company_156.coverage == exactly(0.97125)


@pytest.mark.slow
def test_metrics_of_company_367(company_367: Seen) -> None:
    metrics = company_367.metrics
    # 09-05 feature_14 10 with 1 error, 09-22 feature_15 15 with 2 errors
    assert metrics["usage_events_90d"] == 25
    assert metrics["error_rate"] == exactly(0.12)
    # Ninety days ago it was not a customer: no change, whatever its subscriptions had seen
    assert metrics["usage_change"] is None
    assert metrics["mrr_change"] is None
    # Tickets of 04-14 (23 hours, 176 minutes) and 05-06 (28 hours, 150 minutes); that of 10-12 lies ahead
    assert metrics["resolution_hours_180d"] == 25.5
    assert metrics["first_response_minutes_180d"] == 163
    assert metrics["mrr"] == 3381 + 1311 + 3381
    assert metrics["churn_notices_30d"] == 1
    # Subscriptions: 44.275323 twice with 3381, 89.390177 with 1311 (below): weighted by revenue
    assert metrics["subscriptions_score"] == exactly(51.601667)


@pytest.mark.slow
def test_card_of_company_367(company_367: Seen) -> None:
    assert company_367.card.scorecard == "enterprise"
    scores = company_367.measures
    assert scores.pop("revenue_change") != scores.pop("executive_sponsor")  # both null (NaN equals nothing)
    assert scores == exactly(
        {
            "usage_change": 60,  # imputed
            "features_used": 30,  # 2 of 3 features: 2/3 of 45
            "recent_use": 100,  # 9 days
            "usage_rank": 17.105263,  # of 153 on the Pro plan 25 used less and 3 as much: 100 (25 + 2/2) / 152
            "first_response": 17,  # from (150, 30) to (180, 0): 30 - 13
            "resolution": 80,
            "escalations": 100,
            "errors": 35,
            "auto_renewal": 100,
            "ended_contracts": 100,
            "subscriptions": 51.601667,
            "satisfaction": 70,  # answers 5 and 3
            "churn_notices": 35,
        }
    )
    assert company_367.imputed == {"usage_change"}
    # Answered last on May 6th, 148 days ago: 2 - 148/120
    assert company_367.freshness["satisfaction"] == exactly(0.766667)
    assert company_367.groups == exactly(
        {
            "adoption": 49.517544,  # (2 * 60 + 2 * 30 + 100 + 17.105263) / 6
            "support": 62.4,  # (17 + 2 * 80 + 100 + 35) / 5
            "commercial": 83.867222,  # (100 + 100 + 51.601667) / 3
            "sentiment": 50.188679,  # (2 * 0.766667 * 70 + 2 * 35) / (2 * 0.766667 + 2)
        }
    )
    # 0.30 * 49.517544 + 0.25 * 62.4 + 0.25 * 83.867222 + 0.20 * 50.188679
    assert company_367.computed == exactly(61.459805)
    # 0.30 * 4/6 (a score that stands in is no observation) + 0.25 + 0.25 * 3/5 + 0.20 * 3.533333/5
    assert company_367.coverage == exactly(0.741333)


def test_overrides_of_company_367(company_367: Seen) -> None:
    """New, so at least yellow, which it is; then down to the edge of red, because it gave notice."""
    assert company_367.overrides == ("too_early", "leaving")
    assert company_367.final == 50
    assert company_367.label == "red"


def test_a_subscription_of_company_367(run: Run) -> None:
    """S-bfc0f8: Basic, 69 seats, renews by itself; used on 09-05 (26 days ago), 10 uses in the quarter."""
    found = seen(run, "S-bfc0f8", "relationship")
    assert found.metrics["usage_per_seat_90d"] == exactly(10 / 69)
    # Of 907 running Basic subscriptions 521 have less per seat, 2 as much: 100 (521 + 1/2) / 906
    assert found.measures == exactly({"recent_use": 100, "usage_rank": 57.560706, "renews_by_itself": 100})
    # use (2 * 100 + 57.560706) / 3 = 85.853569; (3 * 85.853569 + 100) / 4
    assert found.computed == exactly(89.390177)


def test_an_idle_subscription_of_company_367(run: Run) -> None:
    """S-d48577: last used on 2024-01-25, 250 days ago; 504 of 929 Pro subscriptions were not used in the quarter."""
    found = seen(run, "S-d48577", "relationship")
    assert found.measures == exactly({"recent_use": 25, "usage_rank": 27.101293, "renews_by_itself": 100})
    assert found.computed == exactly(44.275323)


@pytest.mark.slow
def test_metrics_of_all_accounts_against_sql(run: Run, shared: Path) -> None:
    """Joins and dates written by hand: contracts and tickets that end after October 1st are still open then."""
    folder = shared / "data" / "ravenstack"
    with duckdb.connect() as connection:
        for table in ("accounts", "subscriptions", "feature_usage", "support_tickets", "churn_events"):
            connection.execute(f"create view {table} as select * from '{folder / f'ravenstack_{table}.csv'}'")
        rows = connection.sql(_ACCOUNTS)
        columns = rows.columns[1:]
        expected = {account: values for account, *values in rows.fetchall()}
    found = run.values.accounts.metrics.select(columns).to_pylist()
    assert len(found) == len(expected)
    assert sum(metrics["open_pressing"] for metrics in found) == 2
    for account, metrics in zip(run.values.accounts.ids.to_pylist(), found, strict=True):
        assert numbers(metrics.values()) == exactly(numbers(expected[account]), rel=1e-9, nan_ok=True), account


def numbers(values: Iterable[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


_ACCOUNTS = """
with usage as (
    select s.account_id, u.* from feature_usage u join subscriptions s using (subscription_id)
    where usage_date <= date '2024-10-01'
),
use as (
    select account_id,
           sum(usage_count) filter (usage_date >= date '2024-07-04') as used,
           count(distinct feature_name) filter (usage_date >= date '2024-07-04') as features,
           date '2024-10-01' - max(usage_date) as since
    from usage group by 1
),
money as (
    select account_id,
           sum(mrr_amount) filter (end_date is null or end_date > date '2024-10-01') as mrr,
           count_if(end_date between date '2024-07-04' and date '2024-10-01') as ended
    from subscriptions where start_date <= date '2024-10-01' group by 1
),
tickets as (
    select *, closed_at < date '2024-10-02' as is_closed, submitted_at >= date '2023-10-03' as in_year
    from support_tickets where submitted_at <= date '2024-10-01'
),
help as (
    select account_id,
           avg(resolution_time_hours) filter (submitted_at >= date '2024-04-05' and is_closed) as hours,
           avg(satisfaction_score) filter (in_year and is_closed) as answer,
           count_if(escalation_flag and in_year and is_closed) as escalated,
           count_if(priority in ('urgent', 'high') and not is_closed) as pressing
    from tickets group by 1
),
notices as (
    select account_id, count(*) as year, count_if(churn_date >= date '2024-09-02') as month
    from churn_events where churn_date between date '2023-10-03' and date '2024-10-01' group by 1
)
select a.account_id, coalesce(used, 0) as usage_events_90d, coalesce(features, 0) as features_used_90d,
       since as days_since_usage, coalesce(mrr, 0) as mrr, coalesce(ended, 0) as contracts_ended_90d,
       hours as resolution_hours_180d, answer as satisfaction_365d, coalesce(escalated, 0) as escalations_365d,
       coalesce(pressing, 0) as open_pressing, coalesce(year, 0) as churn_notices_365d,
       coalesce(month, 0) as churn_notices_30d
from accounts a left join use using (account_id) left join money using (account_id) left join help using (account_id)
     left join notices using (account_id)
where signup_date <= date '2024-10-01'
"""
