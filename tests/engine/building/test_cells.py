"""Many moments built together are each what it is alone, whatever is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions import Project, parse_project
from keepwell.definitions.metrics import AggregateMetric
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.metrics.aggregates import foldable_on
from keepwell.engine.metrics.cells.plan import is_reducible, plan_cells
from keepwell.engine.metrics.plan import plan_metrics
from keepwell.engine.moments import Moment, moment
from keepwell.engine.values import Values
from keepwell.lake.data import open_data
from keepwell.lake.warehouse import DuckDBWarehouse
from tests.examples_tried import at_most

START = datetime(2024, 3, 24)  # a week before clocks change in Berlin
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("account", pa.string()),
        ("plan", pa.string()),
        ("at", pa.timestamp("us")),
        ("seen", pa.timestamp("us")),
        ("closed", pa.date32()),
        ("kind", pa.string()),
        ("whole", pa.int64()),
        ("part", pa.float64()),
        ("ok", pa.bool_()),
    ]
)
WAYS: dict[str, dict[str, Any]] = {
    "in_order": {},
    "recorded": {"key": "id", "recorded_at": "seen"},
    "waiting": {"arrives_after": "2 days"},
    "revealed": {"recorded_at": "seen", "known_later": {"part": "closed"}},
    "by_way": {"account": {"via": "plans", "on": "plan"}},
}
AGGREGATES = (
    "count()", "count(part)", "sum(whole)", "sum(part)", "sum(part * 2)", "sum(whole / part)", "avg(part)",
    "avg(whole)", "min(part)", "max(whole)", "min(kind)", "max(kind)", "max(at)", "min(closed)",
    "median(part)", "latest(kind)", "latest(part)", "latest(ok)", "earliest(kind)", "earliest(closed)", "days_active()",
    "days_since_latest()", "count_distinct(kind)", "count_distinct(part)", "count_distinct(lower(kind))",
    "count_distinct(whole / part)",
)  # fmt: skip
WHERES = (
    None, None, None, "kind = 'x'", "kind = 'y'", "kind = 'x' and whole > 1", "ok", "part > 0.2", "whole / part > 1",
    "kind <> 'x'", "date_diff('day', at, as_of) > 2",
)  # fmt: skip
WINDOWS = (None, None, "1 day", "2 days", "5 days", "40 days", "70 days")


@st.composite
def metrics(draw: st.DrawFn) -> dict[str, Any]:
    way = draw(st.sampled_from(sorted(WAYS)))
    found = {}
    for number in range(draw(st.integers(1, 8))):
        metric: dict[str, Any] = {"dataset": way, "aggregate": draw(st.sampled_from(AGGREGATES))}
        where, window = draw(st.sampled_from(WHERES)), draw(st.sampled_from(WINDOWS))
        metric |= ({"where": where} if where else {}) | ({"window": window} if window else {})
        if draw(st.booleans()) and metric["aggregate"].startswith(("sum", "count", "days_active")):
            metric["empty"] = "null"
        found[f"m{number}"] = metric
    if draw(st.booleans()):  # enough that rows are grouped by their kind first
        for kind in ("x", "y", "z"):
            for name, aggregate in (("sum", "sum(whole)"), ("days", "days_active()"), ("ids", "count_distinct(id)")):
                where = {"where": f"kind = '{kind}'", "window": draw(st.sampled_from(WINDOWS[2:]))}
                found[f"{name}_{kind}"] = {"dataset": way, "aggregate": aggregate, **where}
        for name, aggregate in (("days", "days_active()"), ("kinds", "count_distinct(kind)"), ("all", "sum(part)")):
            found[name] = {"dataset": way, "aggregate": aggregate, "window": draw(st.sampled_from(WINDOWS[2:]))}
    return found


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    hours = draw(st.one_of(st.integers(-30, 400), st.integers(-2000, 400)))
    happened = START + timedelta(hours=hours)
    late = draw(st.sampled_from([0, 0, 0, 5, 30, 100, None]))
    return {
        "id": draw(st.sampled_from("abcdef")),
        "account": draw(st.sampled_from(["A", "A", "A", "B", "elsewhere", None])),
        "plan": draw(st.sampled_from(["p", "q", "lost"])),
        "at": happened,
        "seen": None if late is None else happened + timedelta(hours=late),
        "closed": draw(st.one_of(st.none(), st.dates(date(2024, 3, 20), date(2024, 4, 5)))),
        "kind": draw(st.sampled_from(["x", "x", "y", "z", "X", "Ž", "", None])),
        "whole": draw(st.sampled_from([0, 1, 2, 3, -2, 2**60, -(2**60), None])),
        "part": draw(st.sampled_from([0.1, 0.5, 0.0, -0.0, 1e9, -7.25, float("nan"), float("inf"), None])),
        "ok": draw(st.sampled_from([True, False, None])),
    }


@st.composite
def moments(draw: st.DrawFn) -> list[tuple[int, int | None]]:
    """Days after the start, and hours after it at which was looked; None: at the end of the day."""
    days = draw(st.lists(st.one_of(st.integers(0, 14), st.integers(-40, 40)), min_size=2, max_size=6, unique=True))
    looked = draw(st.sampled_from(["ends", "one", "any"]))
    if looked == "ends":
        return [(day, None) for day in days]
    same = draw(st.integers(-100, 400))
    return [(day, same if looked == "one" else draw(st.integers(-100, 400))) for day in days]


def project_of(found: Mapping[str, Any], zone: str) -> Project:
    plain = {"account": "account", "occurred_at": "at"}
    datasets: dict[str, Any] = {
        "accounts": {"role": "accounts", "table": "accounts", "key": "id"},
        "plans": {"table": "plans", "key": "plan", "account": "account"},
        **{name: {"table": name, **plain, **way} for name, way in WAYS.items()},
    }
    return parse_project({"datasets": datasets, "metrics": dict(found)}, {"time_zone": zone})


def built(
    project: Project, rows: Sequence[Mapping[str, Any]], at: Sequence[Moment]
) -> tuple[list[Values], list[Values]]:
    """All moments together, and each alone."""
    with DuckDBWarehouse(threads=1) as warehouse:
        warehouse.add_arrow("accounts", pa.table({"id": ["A", "B", "C"]}))
        warehouse.add_arrow("plans", pa.table({"plan": ["p", "q"], "account": ["A", "B"]}))
        for name in WAYS:
            warehouse.add_arrow(name, pa.Table.from_pylist(list(rows), SCHEMA))
        data = open_data(project, Path(), warehouse=warehouse)
        bind(project, data)
        return build_values(project, data, at), [build_values(project, data, [one])[0] for one in at]


def assert_same(one: Values, other: Values) -> None:
    """Sums of fractions to 1e-9, everything else to the last bit."""
    assert one.accounts.ids.equals(other.accounts.ids)
    for name in other.accounts.metrics.column_names:
        left, right = one.accounts.metrics[name], other.accounts.metrics[name]
        if pa.types.is_floating(right.type):
            assert left.is_null().equals(right.is_null()), name
            expected = pytest.approx(right.drop_null().to_numpy(), rel=1e-9, abs=1e-6)
            assert left.drop_null().to_numpy() == expected, name
        else:
            assert left.equals(right), (name, left, right)
    assert one.accounts.observed.keys() == other.accounts.observed.keys()
    for name, seen in other.accounts.observed.items():
        np.testing.assert_array_equal(one.accounts.observed[name], seen, name)
    assert one.warnings == other.warnings


EVERYTHING = {
    f"m{number}": {"dataset": way, "aggregate": aggregate, **more}
    for number, (way, aggregate, more) in enumerate(
        (way, aggregate, more)
        for way, more in (("in_order", {}), ("recorded", {"where": "kind = 'x'", "window": "5 days"}))
        for aggregate in AGGREGATES
    )
}
for _kind in "xyz":  # so many that rows are listed by kind
    for _name, _aggregate in (("sum", "sum(whole)"), ("days", "days_active()")):
        EVERYTHING[f"{_name}_{_kind}"] = {
            "dataset": "recorded", "aggregate": _aggregate, "where": f"kind = '{_kind}'", "window": "5 days",
        }  # fmt: skip
EVERYTHING["faulty"] = {"dataset": "recorded", "aggregate": "sum(whole / part)", "where": "part = 0", "empty": "null"}
EVERYTHING["days"] = {"dataset": "recorded", "aggregate": "days_active()", "window": "3 days"}
ROWS = [
    {
        "id": f"r{number}",
        "account": "AAB"[number % 3],
        "plan": "p",
        "at": START + timedelta(hours=7 * number),
        "seen": START + timedelta(hours=7 * number + 31 * (number % 4 == 0)),
        "closed": date(2024, 3, 1 + number % 20),
        "kind": ("x", "y", None)[number % 5 % 3],
        "whole": number % 7 - 2,
        "part": (0.1, None, 0.7, 2.0, 0.0)[number % 5],
        "ok": number % 2 == 0,
    }
    for number in range(30)
]


@pytest.mark.slow
def test_every_aggregate_at_some_dates() -> None:
    at = [moment(START.date() + timedelta(days=days), "Europe/Berlin") for days in (0, 1, 4, 9)]
    together, alone = built(project_of(EVERYTHING, "Europe/Berlin"), ROWS, at)
    for one, other in zip(together, alone, strict=True):
        assert_same(one, other)
    assert together[3].accounts.metrics["m0"].to_pylist() == [20.0, 10.0, 0.0]


@pytest.mark.slow
@at_most(30)
@given(
    metrics(),
    st.lists(facts(), max_size=30),
    moments(),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
)
def test_many_moments_are_each_what_it_is_alone(
    found: dict[str, Any], rows: list[dict[str, Any]], asked: list[tuple[int, int | None]], zone: str
) -> None:
    at = []
    for days, hours in asked:
        known = None if hours is None else (START + timedelta(hours=hours)).replace(tzinfo=UTC)
        at.append(moment(START.date() + timedelta(days=days), zone, known))
    for one, alone in zip(*built(project_of(found, zone), rows, at), strict=True):
        assert_same(one, alone)


def test_what_moments_share_and_what_they_do_not() -> None:
    project = project_of(EVERYTHING, "UTC")
    alone = {
        str(metric.aggregate)
        for metric in project.metrics.values()
        if isinstance(metric, AggregateMetric) and not is_reducible(project, metric)
    }
    assert alone == {"median(part)"}
    looking = {"dataset": "in_order", "aggregate": "count()", "where": "date_diff('day', at, as_of) > 2"}
    revealed = {"dataset": "revealed", "aggregate": "sum(part)"}
    for one in (looking, revealed):
        (metric,) = project_of({"m": one}, "UTC").metrics.values()
        assert isinstance(metric, AggregateMetric)
        assert not is_reducible(project, metric)


@pytest.mark.parametrize("lists", [True, False])
def test_a_plan_of_cells_can_be_read(lists: bool) -> None:
    wheres = [f"kind = '{kind}'" for kind in "xyz"]
    found = {f"sum_{n}": {"aggregate": "sum(whole)", "where": where} for n, where in enumerate(wheres)}
    found |= {"kinds": {"aggregate": "count_distinct(kind)"}, "days": {"aggregate": "days_active()"}}
    found |= {"mean": {"aggregate": "avg(part)"}, "ids": {"aggregate": "count_distinct(id)", "where": wheres[0]}}
    defined = {name: {"dataset": "in_order", "window": "5 days", **one} for name, one in found.items()}
    project = project_of(defined, "UTC")
    aggregates = {name: metric for name, metric in project.metrics.items() if isinstance(metric, AggregateMetric)}
    (plan,) = plan_metrics(aggregates, "account", foldable=foldable_on("duckdb"))
    said = {str(one) for one in plan_cells(plan, ibis.Schema.from_pyarrow(SCHEMA), lists=lists)}
    others = {"rows by id: 1 metrics from 1 partials", "rows: 1 metrics from 3 partials"}
    if lists:
        assert said == {"rows listed by kind: 5 metrics from 2 partials", *others}
    else:
        by_kind = "rows by kind: 4 metrics from 2 partials"
        assert said == {by_kind, "days: 1 metrics from 1 partials", *others}
