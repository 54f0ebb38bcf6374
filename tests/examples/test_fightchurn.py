"""fightchurn_crm5: the values that the project behind the data publishes, for every account, metric and chosen week.

Its metrics for day d are computed for the moment when d begins; a score as of d - 1 is taken then.
`metric_truth.parquet` holds them rounded to whole numbers, `dataset.csv` with seven digits for observed accounts. Both
were kept in single precision, and have no row where there is nothing to count or divide by; here that is 0 or null.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from keepwell.definitions import load_project
from keepwell.engine.run import Run, history
from keepwell.lake.data import open_data
from tests.examples.reading import EXAMPLES, seen

exactly = pytest.approx
DAYS = (date(2022, 2, 14), date(2022, 5, 2), date(2022, 9, 5), date(2023, 1, 2), date(2023, 6, 19))
"""Mondays: the first with customers past two weeks, some in between, the last there is."""

OF_USERS = {"active_users", "user_utilization", "mrr_per_active_user", "opp_close_per_active_user"}
"""Need single events, which the folder holds for accounts whose id leaves 3 when divided by 8."""

UNNAMED = {33: "opp_close_per_dollar"}
"""In the values, but not in the list of names."""

COLUMNS = {
    "meetings": "meeting_28avg_84obs",
    "bill_period_months": "billing_period_months",
    "active_users_per_month": "active_users",
    "opp_value_closed_per_active_user": "opp_close_per_active_user",
}
"""Columns of dataset.csv whose metric is called otherwise (the others as they stand, or with _28avg_84obs)."""


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "fightchurn_crm5"


@pytest.fixture(scope="module")
def runs(folder: Path) -> dict[date, Run]:
    project = load_project(EXAMPLES / "fightchurn_crm5")
    with open_data(project, folder) as source:
        found = history(project, source, [day - timedelta(days=1) for day in DAYS])
        return dict(zip(DAYS, found, strict=True))


@pytest.fixture(scope="module")
def connection(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        for name, file in (
            ("truth", "metric_truth.parquet"),
            ("observed", "dataset.csv"),
            ("names", "metric_name.csv"),
        ):
            opened.execute(f"create view {name} as select * from '{folder / file}'")
        yield opened


def metric_names(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    return UNNAMED | dict(connection.execute("select metric_name_id, metric_name from names").fetchall())


def values_of(run: Run, name: str) -> dict[int, float]:
    """By account; null is 0, as a row that is missing is."""
    values = run.values.accounts.metrics[name].to_pylist()
    return {
        int(account): value or 0.0 for account, value in zip(run.values.accounts.ids.to_pylist(), values, strict=True)
    }


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_all_metrics_of_all_accounts(day: date, runs: dict[date, Run], connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute("select metric_name_id, account_id, metric_value from truth where metric_time = ?", [day])
    published: dict[int, dict[int, int]] = {}
    for metric, account, value in rows.fetchall():
        published.setdefault(metric, {})[account] = value
    names = metric_names(connection)
    assert len(names) == 48
    wrong = [
        (names[metric], account, value, published.get(metric, {}).get(account, 0))
        for metric in names
        for account, value in values_of(runs[day], names[metric]).items()
        if (names[metric] not in OF_USERS or account % 8 == 3)
        and not agree(value, published.get(metric, {}).get(account, 0))
    ]
    assert wrong == []


def agree(value: float, published: int) -> bool:
    """Equal but for rounding to a whole number and for single precision."""
    return abs(value - published) <= 0.5 + 1e-6 * abs(value)


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_metrics_of_observed_accounts_to_a_millionth(
    day: date, runs: dict[date, Run], connection: duckdb.DuckDBPyConnection
) -> None:
    """An observation takes the metrics of the week before it."""
    found = connection.sql(
        "select * from observed where observation_date >= ? and observation_date < ?",
        params=[day, day + timedelta(days=7)],
    ).to_arrow_table()
    assert len(found) > 40
    metrics = set(metric_names(connection).values())
    for column in found.column_names[3:]:
        name = COLUMNS.get(column) or (column if column in metrics else f"{column}_28avg_84obs")
        values = values_of(runs[day], name)
        rows = [
            (values[account], published)
            for account, published in zip(found["account_id"].to_pylist(), found[column].to_pylist(), strict=True)
            if name not in OF_USERS or account % 8 == 3
        ]
        ours, theirs = np.array(rows, dtype=float).reshape(-1, 2).T
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9, err_msg=f"{name} on {day}")


@pytest.mark.slow
def test_card_of_an_account_with_single_events(runs: dict[date, Run]) -> None:
    """Account 3 at the end of January 1st 2023: 25 seats, billed by month, 45 % discount."""
    found = seen(runs[date(2023, 1, 2)], "3")
    assert found.metrics["active_users"] == 24
    assert found.measures == exactly(
        {
            "active_days": 100,  # all 28
            "features": 64.795918,  # 19 kinds; of 99 accounts with 25 seats 55 have fewer, 18 as many: 100 * 63.5 / 98
            "trend": 100,  # 2073 events after 1759: 17.9 % more
            "utilisation": 96,  # 24 / 25, from (0.6, 60) to (1, 100)
            "opportunities_lost": 88.980716,  # 10 of 121: 100 - 40 * 0.0826446 / 0.3
            "return_on_price": 71.428571,  # 70 of the other 98 close less per dollar
            "billing_period": 50,
            "discount": 26,  # 80 - 60 * 0.45 / 0.5
        }
    )
    # (2 * 100 + 2 * 64.795918 + 100) / 5 = 85.918367; (88.980716 + 71.428571) / 2 = 80.204644
    # 0.5 * 85.918367 + 0.2 * 96 + 0.2 * 80.204644 + 0.1 * 38
    assert found.computed == exactly(82.000112)
    assert (found.final, found.label, found.coverage) == (found.computed, "green", 1)


@pytest.mark.slow
def test_card_of_an_account_without_single_events(runs: dict[date, Run]) -> None:
    """Account 0: nobody counted its users, so the seats are left out and the rest is taken for the whole."""
    found = seen(runs[date(2023, 1, 2)], "0")
    assert found.metrics["active_users"] is None
    assert found.measures["active_days"] == exactly(98.125)  # 27 days
    assert found.measures["trend"] == 45  # 1256 events after 1491: 15.8 % fewer
    # usage (2 * 98.125 + 2 * 82.142857 + 45) / 5 = 81.107143, results (76.380952 + 72.448980) / 2 = 74.414966,
    # commitment 80; (50 * 81.107143 + 20 * 74.414966 + 10 * 80) / 80
    assert found.computed == exactly(79.295706)
    assert found.coverage == exactly(0.8)


@pytest.mark.slow
def test_customers_are_those_with_a_subscription(runs: dict[date, Run], connection: duckdb.DuckDBPyConnection) -> None:
    run = runs[date(2023, 1, 2)]
    customers = connection.execute(
        "select count(*) from truth where metric_name_id = 30 and metric_time = date '2023-01-02'"
    ).fetchone()
    assert customers == (len(run.scores.accounts.cards["customer"]),)
    assert len(run.scores.accounts.unassigned) == 643 - customers[0]
