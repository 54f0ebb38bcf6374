"""Points and their decay, standings, deals counted once, limits, and the same numbers as metrics."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions.advocacy import DEFAULT_ACTIVITIES, AdvocacyActivity, DealImpact, Limits
from keepwell.engine.advocacy.facts import ACTIVITIES, DATASETS, METRICS, REQUESTS
from keepwell.engine.advocacy.limits import Taken, against
from keepwell.engine.advocacy.points import left, worth
from keepwell.engine.advocacy.standing import Done, pipeline, quarter_began, standing, standings
from tests.engine.building.places import metric, values_at

DAY = date(2026, 10, 31)


def done(number: int, days: int, kind: str = "review", **more: object) -> Done:
    return Done(number, kind, DAY - timedelta(days=days), **{"account": "A", "points": 10.0, **more})  # type: ignore[arg-type]


def test_a_deal_adds_points_up_to_its_cap_and_nothing_once_it_is_lost() -> None:
    kind = AdvocacyActivity(points=10, fields=("deal",), impact=DealImpact(per=10_000, points=1, won=5, at_most=20))
    assert worth(kind) == worth(kind, 50_000) == worth(kind, 50_000, "lost") == 10
    assert worth(kind, 50_000, "open") == 15
    assert worth(kind, 50_000, "won") == 20
    assert worth(kind, 5_000_000, "won") == 30
    assert worth(DEFAULT_ACTIVITIES["review"], 1e6, "won") == 10  # it has no impact


def test_points_halve_or_fall_to_nothing_or_stay() -> None:
    assert [left(8, age, half_life=30) for age in (-1, 0, 30, 60, 90)] == [0, 8, 4, 2, 1]
    assert [left(8, age, zero_after=40) for age in (0, 10, 40, 400)] == [8, 6, 0, 0]
    assert left(8, 4000) == 8


@given(st.floats(0, 1e6), st.integers(0, 4000), st.integers(1, 4000), st.booleans())
def test_points_never_grow_with_age(points: float, age: int, length: int, halves: bool) -> None:
    how = {"half_life": length} if halves else {"zero_after": length}
    assert 0 <= left(points, age + 1, **how) <= left(points, age, **how) <= points


def test_a_standing_counts_what_was_done_by_the_day_and_a_deal_once() -> None:
    deal = {"deal": "acme", "amount": 100.0}
    every = [
        done(1, 60, half_life=60, **deal, result="won"),
        done(2, 10, kind="referral", **deal, result="won"),
        done(3, 5, deal="lost one", amount=70.0, result="lost"),
        done(4, 3, deal="open one", amount=30.0, result="open", account="B"),
        done(5, -1, kind="speaking"),
    ]
    found = standing(every, DAY)
    assert (found.count, found.breadth, found.recency) == (4, 2, 3)
    assert (found.points, found.influenced, found.won) == (35, 130, 100)
    by_account = standings(every, DAY, lambda one: one.account)
    assert (by_account["A"].influenced, by_account["B"].won) == (100, 0)
    assert standing([], DAY).recency is None


def test_a_deal_stands_in_the_quarter_of_its_first_activity() -> None:
    every = [
        done(1, 100, deal="acme", amount=100.0, result="won"),
        done(2, 1, deal="acme", amount=100.0, result="won"),
        done(3, 1, deal="brix", amount=50.0, result="open"),
        done(4, 1),
    ]
    assert [(one.name, one.deals, one.open, one.won) for one in pipeline(every)] == [
        ("2026-Q4", 1, 50, 0),
        ("2026-Q3", 1, 0, 100),
    ]
    assert quarter_began(DAY) == date(2026, 10, 1)


def test_limits_say_what_stands_against_asking() -> None:
    limits = Limits(per_person=2, per_account=3, rest=30)
    taken = [
        Taken(date(2026, 10, 1), "call", "A", "p"),
        Taken(date(2026, 10, 20), "call", "A", "p"),
        Taken(date(2026, 9, 30), "call", "A", "q"),
        Taken(date(2026, 10, 2), "call", "A", "q"),
    ]
    (person, account, rest) = against("call", limits, account="A", person="p", day=DAY, taken=taken)
    assert person == "2 times call in 2026-Q4 already; the limit for a person is 2"
    assert account == "the account has 3 times call in 2026-Q4; the limit for an account is 3"
    assert rest == "asked on 2026-10-20; to be left in peace until 2026-11-19"
    assert against("call", Limits(per_person=2), account="A", person="q", day=DAY, taken=taken) == []
    assert against("talk", limits, account="A", person="p", day=date(2027, 1, 1), taken=taken) == []
    wished = against("talk", Limits(), account="A", person="p", day=DAY, taken=taken, own_limit=2)
    assert wished == ["asked 2 times in 2026-Q4; they wish for 2 at most"]


def _row(number: str, day: date, **more: object) -> dict[str, object]:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    row = {"activity_id": number, "account_id": "A", "kind": "review", "happened_on": day, "occurred_at": at,
           "changed_at": at, "recorded_at": at, "is_withdrawn": False, "points": 10.0}  # fmt: skip
    return row | more


@pytest.mark.slow
def test_metrics_over_the_rows_are_the_standing_and_see_nothing_that_came_later(tmp_path: Path) -> None:
    first, second = DAY - timedelta(days=60), DAY - timedelta(days=10)
    won_at = datetime(2026, 10, 30, tzinfo=UTC)
    rows = [
        _row("1", first, half_life_days=60.0, deal="acme", result="open", influenced=100.0, won=0.0),
        _row("1", first, half_life_days=60.0, deal="acme", result="won", influenced=100.0, won=100.0, points=20.0,
             changed_at=won_at, recorded_at=won_at),
        _row("2", second, kind="speaking", zero_after_days=20.0),
        _row("3", second, recorded_at=datetime(2026, 11, 2, tzinfo=UTC)),
        _row("4", second, is_withdrawn=True),
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, schema=ACTIVITIES), tmp_path / "activities.parquet")
    pq.write_table(REQUESTS.empty_table(), tmp_path / "requests.parquet")
    model = DATASETS.replace("table: keepwell.advocacy_requests", "file: requests.parquet")
    model = model.replace("table: keepwell.advocacy", "file: activities.parquet")
    model = model.replace(
        "datasets:\n", "datasets:\n  accounts: {role: accounts, file: accounts.csv, key: account_id}\n"
    )
    (then, now) = values_at(tmp_path, model + METRICS, {}, "2026-10-29", "2026-10-31")
    assert metric(now, "advocacy_points") == {"A": pytest.approx(20 / 2 + 10 / 2), "B": 0}
    assert metric(then, "advocacy_points")["A"] == pytest.approx(10 * 0.5 ** (58 / 60) + 10 * 12 / 20)
    assert [metric(now, f"advocacy_{name}")["A"] for name in ("count", "breadth", "recency")] == [2, 2, 10]
    assert [metric(one, "advocacy_won")["A"] for one in (then, now)] == [0, 100]
    assert metric(now, "advocacy_influenced") == {"A": 100, "B": 0}
