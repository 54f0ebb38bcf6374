"""Seats, first value and use by account, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest

from keepwell.engine.adoption.features import (
    adoption_matrix,
    feature_reach,
    licence_utilisation,
    time_to_first_value,
    use_of_accounts,
)
from tests.engine.adoption.conftest import Use, row

DAY = date(2026, 3, 28)


@pytest.mark.slow
def test_use_of_an_account_by_hand(use: Use) -> None:
    door = use(
        row("p", DAY, account="acme", feature="boards", events=3),
        row("p", DAY - timedelta(days=6), account="acme", feature="boards"),
        row("q", DAY - timedelta(days=7), account="acme", feature="reports", events=2),
        row("q", DAY - timedelta(days=28), account="acme", feature="exports"),  # a day too early
        row("z", DAY + timedelta(days=1), account="zeta"),
    )
    (found,) = use_of_accounts(door, as_of=DAY, window=28).to_pylist()
    assert found == {
        "account": "acme", "events": 6, "active_days": 3, "daily": 1, "weekly": 1, "monthly": 2,
        "mean_daily": pytest.approx(3 / 28), "stickiness": pytest.approx(3 / 56), "breadth": 2, "depth": 3.0,
        "first_day": DAY - timedelta(days=7), "last_day": DAY,
    }  # fmt: skip


def test_the_matrix_and_the_reach_count_people_once(use: Use) -> None:
    door = use(
        row("p", DAY, account="acme", feature="boards"),
        row("p", DAY, account="acme", feature="boards", events=4),
        row("q", DAY, account="acme", feature="boards"),
        row("z", DAY, account="zeta", feature=None),
    )
    assert adoption_matrix(door, as_of=DAY).to_pylist() == [
        {"account": "acme", "feature": "boards", "events": 6, "people": 2, "last_day": DAY}
    ]
    assert feature_reach(door, as_of=DAY).to_pylist() == [
        {"feature": "boards", "events": 6, "accounts": 1, "people": 2, "most_people": 2, "account_reach": 0.5,
         "people_reach": pytest.approx(2 / 3)}
    ]  # fmt: skip


def test_seats_in_use(use: Use) -> None:
    door = use(row("p", DAY, account="acme"), row("q", DAY, account="acme"), row("z", DAY, account="zeta"))
    used = use_of_accounts(door, as_of=DAY)
    seats = pa.table({"account": ["acme", "brix", "cato", "zeta"], "seats": [4, 10, 0, None]})
    found = licence_utilisation(used, seats).to_pylist()
    assert [(one["account"], one["people"], one["utilisation"]) for one in found] == [
        ("acme", 2, 0.5), ("brix", 0, 0.0), ("cato", 0, None), ("zeta", 1, None),
    ]  # fmt: skip


def test_time_to_first_value(use: Use) -> None:
    door = use(
        row("p", DAY, account="acme", feature="boards"),
        row("p", DAY - timedelta(days=5), account="acme", feature="other"),
        row("q", DAY - timedelta(days=9), account="brix", feature="boards"),
        row("z", DAY + timedelta(days=1), account="zeta", feature="boards"),
    )
    started = pa.table(
        {"account": ["acme", "brix", "cato", "zeta"],
         "started_on": [DAY - timedelta(days=10), DAY, None, DAY - timedelta(days=1)]}
    )  # fmt: skip
    found = time_to_first_value(door, started, as_of=DAY, condition="feature = 'boards'").to_pylist()
    assert [(one["account"], one["days"]) for one in found] == [
        ("acme", 10),
        ("brix", 0),
        ("cato", None),
        ("zeta", None),
    ]
