"""Each aggregate, each kind of metric, and that the optimised plan agrees with the plain one."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keepwell.definitions.metrics import AggregateMetric
from keepwell.engine.metrics.plan import Direct, Pivot, plan_metrics
from tests.engine.building.places import metric, opened, values_at

DEFINITIONS = """
datasets:
  accounts: {{role: accounts, file: accounts.csv, key: account_id}}
  events: {{file: events.csv, key: id, account: account_id, occurred_at: at, recorded_at: seen}}
metrics:
  value: {{dataset: events, aggregate: {aggregate}{more}}}
"""
EVENTS = """\
id,account_id,at,seen,kind,amount,ok
1,A,2024-03-01 10:00:00,2024-03-01 10:00:00,x,4,true
2,A,2024-03-01 12:00:00,2024-03-01 12:00:00,y,,false
3,A,2024-03-03 09:00:00,2024-03-03 09:00:00,x,1.5,
4,A,2024-03-03 09:00:00,2024-03-03 09:30:00,z,2,true
5,A,2024-03-03 09:00:00,2024-03-03 09:30:00,,,true
6,B,2024-02-01 09:00:00,2024-02-01 09:00:00,y,,true
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("aggregate", "of_a", "of_b"),
    [
        ("count()", 5, 1),
        ("count(amount)", 3, 0),
        ("count_distinct(kind)", 3, 1),
        ("sum(amount)", 7.5, 0),
        ("avg(amount)", 2.5, None),
        ("min(amount)", 1.5, None),
        ("max(amount)", 4, None),
        ("median(amount)", 2, None),
        ("median(amount * 2)", 4, None),
        ("min(kind)", "x", "y"),
        ("max(kind)", "z", "y"),
        ("latest(kind)", "z", "y"),  # the same time: recorded later wins, and a null does not enter
        ("latest(amount)", 2, None),
        ("latest(ok)", True, True),
        ("earliest(kind)", "x", "y"),
        ("earliest(amount)", 4, None),
        ("days_active()", 2, 1),
        ("distinct_days(kind)", 4, 1),
        ("distinct_days(ok)", 3, 1),
        ("days_since_latest()", 2, 33),
    ],
)
def test_aggregates(tmp_path: Path, aggregate: str, of_a: object, of_b: object) -> None:
    (values,) = values_at(tmp_path, DEFINITIONS.format(aggregate=aggregate, more=""), {"events": EVENTS}, "2024-03-05")
    assert metric(values, "value") == {"A": of_a, "B": of_b}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("aggregate", "more", "of_a"),
    [
        ("count()", ", where: kind = 'x'", 2),
        ("count()", ", where: kind <> 'x'", 2),  # null is neither
        ("sum(amount)", ", where: amount > 100", 0),
        ("sum(amount)", ", where: amount > 100, empty: null", None),
        ("count()", ", where: amount > 100, empty: null", None),
        ("days_active()", ", where: amount > 100, empty: null", None),
        ("count_distinct(kind)", ", where: kind = 'q', empty: null", None),
        ("days_active()", ", window: 3 days", 1),
        ("distinct_days(kind)", ", window: 3 days", 2),
        ("distinct_days(kind)", ", where: amount > 100", 0),
        ("distinct_days(kind)", ", where: amount > 100, empty: null", None),
        ("days_since_latest()", ", where: kind = 'y'", 4),
        ("count()", ", where: \"date_diff('day', at, as_of) >= 4\"", 2),
        ("latest(kind)", ", where: ok", "z"),
    ],
)
def test_conditions_and_windows(tmp_path: Path, aggregate: str, more: str, of_a: object) -> None:
    definitions = DEFINITIONS.format(aggregate=aggregate, more=more)
    (values,) = values_at(tmp_path, definitions, {"events": EVENTS}, "2024-03-05")
    assert metric(values, "value")["A"] == of_a


@pytest.mark.slow
def test_the_observation_is_the_latest_row_that_entered(tmp_path: Path) -> None:
    definitions = DEFINITIONS.format(aggregate="avg(amount), where: kind = 'x'", more="")
    (values,) = values_at(tmp_path, definitions, {"events": EVENTS}, "2024-03-05")
    assert [str(day) for day in values.accounts.observed["value"]] == ["2024-03-03", "NaT"]  # type: ignore[union-attr]
    (values,) = values_at(tmp_path, DEFINITIONS.format(aggregate="count()", more=""), {"events": EVENTS}, "2024-03-05")
    assert "value" not in values.accounts.observed  # zero is an observation, of the day itself


DERIVED = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id, parent: parent, started_at: started}
  units: {role: relationships, file: units.csv, key: unit, account: account_id}
  events: {file: events.csv, account: {via: units, on: unit}, occurred_at: at}
metrics:
  events: {dataset: events, aggregate: count(), window: 7 days}
  change: {change_of: events, over: 7 days, as: difference}
  ratio: {change_of: events, over: 7 days, as: ratio}
  percent: {change_of: events, over: 7 days, as: percent}
  acceleration: {change_of: change, over: 7 days}
  per_seat: {formula: events / seats}
  below: {children: events, of: accounts, aggregate: sum}
  mean_below: {children: events, of: accounts, aggregate: weighted_avg, weight: seats}
  of_units: {children: events, of: relationships, aggregate: max}
"""
TREE = """\
account_id,parent,started,seats
A,,2024-01-01,0
B,A,2024-01-01,2
C,A,2024-03-06,6
"""
UNITS = "unit,account_id\nu1,B\nu2,B\nu3,C\nu9,gone\n"
USES = "unit,at\n" + "".join(
    f"{unit},{day}\n"
    for unit, days in {
        "u1": ["2024-03-01", "2024-03-08", "2024-03-09"],
        "u2": ["2024-03-09"],
        "u3": ["2024-03-09", "2024-03-09"],
        "nowhere": ["2024-03-09"],
    }.items()
    for day in days
)


@pytest.mark.slow
def test_metrics_made_of_metrics(tmp_path: Path) -> None:
    (values,) = values_at(tmp_path, DERIVED, {"accounts": TREE, "units": UNITS, "events": USES}, "2024-03-10")
    assert metric(values, "events") == {"A": 0, "B": 3, "C": 2}
    assert metric(values, "change") == {"A": 0, "B": 2, "C": None}  # C was not there a week before
    assert metric(values, "ratio") == {"A": None, "B": 3, "C": None}
    assert metric(values, "percent") == {"A": None, "B": 200, "C": None}
    assert metric(values, "acceleration") == {"A": 0, "B": 1, "C": None}
    assert metric(values, "per_seat") == {"A": None, "B": 1.5, "C": pytest.approx(1 / 3)}
    assert metric(values, "below") == {"A": 5, "B": None, "C": None}
    assert metric(values, "mean_below") == {"A": pytest.approx((3 * 2 + 2 * 6) / 8), "B": None, "C": None}
    assert metric(values, "of_units") == {"A": None, "B": 2, "C": 2}
    assert values.relationships is not None
    assert values.relationships.ids.to_pylist() == ["u1", "u2", "u3"]  # u9's account is nowhere
    assert any("'units' does not have: nowhere" in warning for warning in values.warnings)
    assert any("metric 'per_seat': 1 value had no result" in warning for warning in values.warnings)


MANY = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  usage: {file: usage.csv, account: account_id, occurred_at: day}
metrics:
  a_7: {dataset: usage, aggregate: sum(uses), where: feature = 'a', window: 7 days}
  a_70: {dataset: usage, aggregate: sum(uses), where: feature = 'a', window: 70 days}
  b_7: {dataset: usage, aggregate: sum(uses), where: "feature = 'b' and uses > 1", window: 7 days}
  b_count: {dataset: usage, aggregate: count(), where: feature = 'b', window: 30 days}
  b_users: {dataset: usage, aggregate: count_distinct(user_id), where: feature = 'b', window: 30 days}
  a_mean: {dataset: usage, aggregate: avg(uses), where: feature = 'a', window: 30 days}
  a_mid: {dataset: usage, aggregate: median(uses), where: feature = 'a', window: 30 days}
  a_days: {dataset: usage, aggregate: days_active(), where: feature = 'a', window: 70 days}
  a_idle: {dataset: usage, aggregate: days_since_latest(), where: feature = 'a', window: 70 days}
  uses: {dataset: usage, aggregate: sum(uses), window: 70 days}
  rows: {dataset: usage, aggregate: count(), window: 7 days}
  breadth: {dataset: usage, aggregate: count_distinct(feature), window: 30 days}
  heavy_breadth: {dataset: usage, aggregate: count_distinct(feature), where: uses > 2, window: 30 days}
  users: {dataset: usage, aggregate: count_distinct(user_id), window: 30 days}
  users_7: {dataset: usage, aggregate: count_distinct(user_id), window: 7 days}
  days_7: {dataset: usage, aggregate: days_active(), window: 7 days}
  days_70: {dataset: usage, aggregate: days_active(), window: 70 days}
  days_500: {dataset: usage, aggregate: days_active(), window: 500 days}
  least: {dataset: usage, aggregate: min(uses), window: 30 days}
  ever: {dataset: usage, aggregate: count()}
"""


def usage_rows() -> str:
    lines = ["account_id,user_id,feature,day,uses"]
    for number in range(600):
        day = (number * 37) % 90
        lines.append(
            f"{'AB'[number % 2]},u{number % 11},{'abcd'[number * 7 % 4] if number % 13 else ''},"
            f"2024-{1 + day // 30:02}-{1 + day % 28:02},{number % 5}"
        )
    return "\n".join(lines) + "\n"


@pytest.mark.slow
def test_the_plan_agrees_with_one_aggregate_a_metric(tmp_path: Path) -> None:
    (together,) = values_at(tmp_path, MANY, {"usage": usage_rows()}, "2024-03-20")
    header, metrics = MANY.split("metrics:\n")
    for line in metrics.splitlines():
        name = line.split(":")[0].strip()
        with opened(tmp_path, f"{header}metrics:\n{line}\n", {}) as data:
            definition = data.project.metrics[name]
            assert isinstance(definition, AggregateMetric)
        (alone,) = values_at(tmp_path, f"{header}metrics:\n{line}\n", {"usage": usage_rows()}, "2024-03-20")
        assert metric(together, name) == pytest.approx(metric(alone, name)), name


@pytest.mark.slow
def test_an_aggregate_is_dated_alike_whether_or_not_others_share_its_grouping(tmp_path: Path) -> None:
    definitions = f"""{MANY.split("metrics:", maxsplit=1)[0]}metrics:
  a: {{dataset: usage, aggregate: avg(uses), where: "feature = 'a'"}}
  b: {{dataset: usage, aggregate: days_since_latest(), where: "feature = 'a'"}}
  c: {{dataset: usage, aggregate: count(), where: "feature = 'a'"}}
  d: {{dataset: usage, aggregate: max(uses)}}
"""
    rows = "account_id,user_id,feature,day,uses\nA,u,a,2024-03-01,3\nA,u,b,2024-03-02,4\n"
    (values,) = values_at(tmp_path, definitions, {"usage": rows}, "2024-03-10")
    seen = {name: str(days[0]) for name, days in values.accounts.observed.items()}  # type: ignore[index]
    assert seen == {"a": "2024-03-01", "b": "2024-03-01", "d": "2024-03-02"}


@pytest.mark.slow
def test_no_number_is_no_value_wherever_it_is_counted(tmp_path: Path) -> None:
    column = pa.array([1.0, 2.0, float("nan"), float("inf"), -float("inf"), None])
    table = pa.table({"account_id": ["A"] * 6, "day": ["2024-03-01"] * 6, "x": column})
    pq.write_table(table, tmp_path / "rows.parquet")
    definitions = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  rows: {file: rows.parquet, account: account_id, occurred_at: day}
metrics:
  values: {dataset: rows, aggregate: count(x)}
  different: {dataset: rows, aggregate: count_distinct(x)}
  sum: {dataset: rows, aggregate: sum(x)}
  most: {dataset: rows, aggregate: max(x)}
  above: {dataset: rows, aggregate: count(), where: x > 0}
  missing: {dataset: rows, aggregate: count(), where: x is null}
"""
    (values,) = values_at(tmp_path, definitions, {}, "2024-03-10")
    found = {name: metric(values, name)["A"] for name in values.accounts.metrics.column_names}
    assert found == {"values": 2, "different": 2, "sum": 3, "most": 2, "above": 2, "missing": 4}


def test_a_time_without_end_is_no_value(tmp_path: Path) -> None:
    days = pa.array([2_147_483_647, -2_147_483_647, 19_000], pa.int32()).cast(pa.date32())
    times = pa.array([2**63 - 1, 1 - 2**63, 0], pa.int64()).cast(pa.timestamp("us"))
    table = pa.table({"account_id": ["A", "B", "C"], "day": days, "time": times})
    pq.write_table(table, tmp_path / "all.parquet")
    definitions = """
datasets:
  accounts: {role: accounts, file: all.parquet, key: account_id}
metrics:
  a_day: {attribute: day}
  a_time: {attribute: time}
"""
    (values,) = values_at(tmp_path, definitions, {}, "2024-03-10")
    assert metric(values, "a_day") == {"A": None, "B": None, "C": date(2022, 1, 8)}
    assert metric(values, "a_time") == {"A": None, "B": None, "C": datetime(1970, 1, 1)}


def test_metrics_that_differ_in_one_value_are_picked_from_one_grouping(tmp_path: Path) -> None:
    with opened(tmp_path, MANY, {}) as data:
        metrics = {name: one for name, one in data.project.metrics.items() if isinstance(one, AggregateMetric)}
    plans = plan_metrics(metrics, "account", foldable=frozenset({"count", "sum", "count_distinct"}))
    assert [plan.horizon for plan in plans] == [None, 500]
    pivot = plans[1].steps[0]
    assert isinstance(pivot, Pivot)
    assert pivot.column == "feature"
    assert {pick.request.name for pick in pivot.picks} >= {"a_7", "a_70", "b_7", "b_count", "a_days"}
    assert {fold.request.name for fold in pivot.folds} == {"uses", "rows", "breadth", "heavy_breadth"}
    assert "by feature: 6 picked" in str(plans[1])
    plain = plan_metrics(metrics, "account", foldable=frozenset(), pivots=False)
    assert all(isinstance(step, Direct) for plan in plain for step in plan.steps)
