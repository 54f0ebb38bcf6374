"""Against figures that another program worked out, of two sets of events that nobody here made."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from keepwell.engine.adoption.active import active, active_by_period
from keepwell.engine.adoption.days import DaysOfUse, read_days
from keepwell.engine.adoption.features import adoption_matrix, feature_reach, use_of_accounts
from keepwell.engine.adoption.funnels import Step, funnel
from keepwell.engine.adoption.retention import retention
from keepwell.lake.warehouse import DuckDBWarehouse
from keepwell.lake.warehouse.statements import Statements

Rows = list[dict[str, str]]
CRM = (
    "select account_id::varchar as account, account_id || ':' || user_id as person, event_time::date as day "
    "from '{folder}/events_sample.parquet'"
)
SHOP = "select null as account, user_id::varchar as person, \"timestamp\"::date as day from '{folder}/ecom.csv.gz'"
SETS = {"fightchurn_crm5": (CRM, date(2023, 7, 30)), "retentioneering_ecom": (SHOP, date(2024, 6, 29))}


def rows_of(file: Path) -> Rows:
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module", params=sorted(SETS))
def known(request: pytest.FixtureRequest, shared: Path) -> Iterator[tuple[DaysOfUse, Path]]:
    folder = shared / "data" / request.param
    select, last = SETS[request.param]
    with DuckDBWarehouse(threads=1) as warehouse:
        warehouse.connection.execute(f"create temp view kw_usage as {select.format(folder=folder)}")
        yield read_days(Statements(warehouse), as_of=last), folder / "expected"


@pytest.mark.slow
def test_daily_weekly_and_monthly_active_users_of_every_day(known: tuple[DaysOfUse, Path]) -> None:
    days, expected = known
    found = active(days, (1, 7, 28, 30))
    rows = rows_of(expected / "daily_active.csv")
    assert [day.isoformat() for day in found.dates] == [row["day"] for row in rows]
    for window, column in ((1, "dau"), (7, "wau7"), (28, "mau28"), (30, "mau30")):
        assert found.counts[window].tolist() == [int(row[column]) for row in rows], column
    sticky = [float(row["stickiness_dau_mau30"]) for row in rows]
    assert np.allclose(found.stickiness(30), sticky, atol=5e-7)


@pytest.mark.slow
def test_active_users_of_calendar_weeks_and_months(known: tuple[DaysOfUse, Path]) -> None:
    days, expected = known
    weeks = {one.starts_on.isoformat(): one.active for one in active_by_period(days, "week") if one.active}
    assert weeks == {row["week"]: int(row["weekly_active"]) for row in rows_of(expected / "weekly_active.csv")}
    months = {one.starts_on.isoformat()[:7]: one for one in active_by_period(days, "month")}
    for row in rows_of(expected / "monthly_active.csv"):
        one = months[row["month"]]
        assert one.active == int(row["monthly_active"])
        assert one.mean_daily == pytest.approx(float(row["mean_dau"]), abs=5e-7)
        assert one.stickiness == pytest.approx(float(row["stickiness"]), abs=5e-7)


@pytest.mark.slow
def test_weekly_retention_of_every_cohort(known: tuple[DaysOfUse, Path]) -> None:
    days, expected = known
    found = retention(days, "week")
    rates, later = found.rates(), found.rates(cumulative=True)
    for row in rows_of(expected / "weekly_retention.csv"):
        at, k = found.cohorts.index(date.fromisoformat(row["cohort_week"])), int(row["k"])
        assert found.size[at] == int(row["cohort_size"])
        assert found.recurring[at, k] == int(row["retained"])
        assert found.cumulative[at, k] == int(row["retained_k_or_later"])
        assert rates[at, k] == pytest.approx(float(row["retention"]), abs=5e-7)
        assert later[at, k] == pytest.approx(float(row["unbounded_retention"]), abs=5e-7)
        assert found.known[at, k]


@pytest.mark.slow
def test_retention_of_all_cohorts_together(known: tuple[DaysOfUse, Path]) -> None:
    days, expected = known
    found = {k: (size, retained) for k, size, retained in retention(days, "week").overall()}
    for row in rows_of(expected / "weekly_retention_all_cohorts.csv"):
        assert found[int(row["k"])] == (int(row["size"]), int(row["retained"]))


@pytest.mark.slow
def test_cells_beyond_the_data_are_not_known(known: tuple[DaysOfUse, Path]) -> None:
    days, _ = known
    found = retention(days, "week")
    last = found.cohorts[-1]
    for at, cohort in enumerate(found.cohorts):
        assert found.known[at].sum() == (last - cohort) / timedelta(weeks=1) + 1


@pytest.fixture(scope="module")
def crm(shared: Path) -> Iterator[tuple[Statements, Path]]:
    folder = shared / "data" / "fightchurn_crm5"
    with DuckDBWarehouse(threads=1) as warehouse:
        warehouse.connection.execute(
            "create temp view kw_usage as select account_id::varchar as account, "
            "account_id || ':' || user_id as person, "
            "event_type_name as event, event_type_name as feature, event_time::date as day, event_time as moment, "
            "1 as events "
            f"from '{folder}/events_sample.parquet' join '{folder}/event_type.csv' using (event_type_id)"
        )
        yield Statements(warehouse), folder / "expected"


@pytest.mark.slow
def test_features_that_each_account_uses(crm: tuple[Statements, Path]) -> None:
    door, expected = crm
    matrix = adoption_matrix(door, as_of=date(2023, 5, 31), window=28).to_pylist()
    use = {row["account"]: row for row in use_of_accounts(door, as_of=date(2023, 5, 31), window=28).to_pylist()}
    rows = rows_of(expected / "account_feature_adoption_2023-06-01.csv")
    assert sorted(use) == sorted(row["account"] for row in rows)
    for row in rows:
        one = use[row["account"]]
        assert (one["events"], one["monthly"], one["breadth"]) == tuple(
            int(row[column]) for column in ("events", "users", "features_used")
        )
        cells = [cell for cell in matrix if cell["account"] == row["account"]]
        assert (len(cells), sum(cell["events"] for cell in cells)) == (one["breadth"], one["events"])
        assert one["depth"] == pytest.approx(one["events"] / one["monthly"])


@pytest.mark.slow
def test_how_far_each_feature_reaches(crm: tuple[Statements, Path]) -> None:
    door, expected = crm
    found = {row["feature"]: row for row in feature_reach(door, as_of=date(2023, 5, 31), window=28).to_pylist()}
    rows = rows_of(expected / "feature_reach_2023-06-01.csv")
    assert sorted(found) == sorted(row["feature"] for row in rows)
    for row in rows:
        one = found[row["feature"]]
        assert (one["events"], one["accounts"], one["people"]) == tuple(
            int(row[column]) for column in ("events", "accounts", "users")
        )
        assert one["account_reach"] == pytest.approx(float(row["account_reach"]), abs=5e-7)
        assert one["people_reach"] == pytest.approx(float(row["user_reach"]), abs=5e-7)


@pytest.mark.slow
def test_a_funnel_of_six_steps(shared: Path) -> None:
    folder = shared / "data" / "retentioneering_ecom"
    rows = rows_of(folder / "expected" / "funnel_strict_order.csv")
    with DuckDBWarehouse(threads=1) as warehouse:
        warehouse.connection.execute(
            "create temp view kw_usage as select null as account, user_id as person, event, null as feature, "
            f'"timestamp"::date as day, "timestamp"::timestamp as moment from \'{folder}/ecom.csv.gz\''
        )
        steps = [Step(row["event"]) for row in rows]
        found = funnel(
            Statements(warehouse), steps, first=date(2024, 1, 1), last=date(2024, 12, 31), within=timedelta(days=400)
        )
    assert [one.people for one in found] == [int(row["users"]) for row in rows]
    for one, row in zip(found, rows, strict=True):
        assert one.of_first == pytest.approx(float(row["of_first"]), abs=5e-7)
        assert one.of_previous == (pytest.approx(float(row["of_previous"]), abs=5e-7) if row["of_previous"] else None)
