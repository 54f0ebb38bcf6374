"""Facts that grow from one moment to the next, under several ways to say when a row became known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from keepwell.definitions import Project, parse_project
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.moments import Moment, moment
from keepwell.engine.refresh.refresh import Refreshed, refresh_values
from keepwell.engine.refresh.state import RefreshState
from keepwell.engine.values import Values
from keepwell.lake.data import ProjectData, open_data
from keepwell.lake.warehouse import DuckDBWarehouse

START = date(2024, 3, 1)
ACCOUNTS = ("A", "B", "C")

SCHEMA = pa.schema(
    [
        ("account", pa.string()),
        ("unit", pa.string()),
        ("user", pa.string()),
        ("feature", pa.string()),
        ("day", pa.date32()),
        ("seen", pa.timestamp("us")),
        ("events", pa.int32()),
        ("amount", pa.float64()),
        ("closed", pa.date32()),
        ("load_id", pa.int64()),
    ]
)

WAYS: dict[str, dict[str, Any]] = {
    "in_order": {},
    "recorded": {"recorded_at": "seen"},
    "waiting": {"arrives_after": "2 days"},
    "revealed": {"recorded_at": "seen", "known_later": {"closed": "closed", "amount": "closed"}},
    "loaded": {"recorded_at": "seen"},  # rows carry their load
    "totals": {
        "events": "events",
        "person": "user",
        "feature": "feature",
    },
}
_WITH_LOADS = frozenset({"loaded", "totals"})

ADVANCED = {
    "a_3": {"aggregate": "sum(events)", "where": "feature = 'a'", "window": "3 days"},
    "a_9": {"aggregate": "sum(events)", "where": "feature = 'a'", "window": "9 days"},
    "b_9": {"aggregate": "count()", "where": "feature = 'b' and events > 1", "window": "9 days"},
    "b_days": {"aggregate": "days_active()", "where": "feature = 'b'", "window": "5 days"},
    "b_latest": {"aggregate": "days_since_latest()", "where": "feature = 'b'", "window": "5 days"},
    "all_3": {"aggregate": "sum(events)", "window": "3 days"},
    "known_9": {"aggregate": "count(events)", "window": "9 days"},
    "none_is_null": {"aggregate": "count()", "window": "2 days", "empty": "null"},
    "breadth_3": {"aggregate": "count_distinct(feature)", "window": "3 days"},
    "breadth_9": {"aggregate": "count_distinct(feature)", "where": "events > 0", "window": "9 days"},
    "users_9": {"aggregate": "count_distinct(user)", "window": "9 days"},
    "a_users_9": {"aggregate": "count_distinct(user)", "where": "feature = 'a'", "window": "9 days"},
    "days_9": {"aggregate": "days_active()", "window": "9 days"},
    "days_70": {"aggregate": "days_active()", "window": "70 days"},
    "days_130": {"aggregate": "days_active()", "where": "events > 2", "window": "130 days"},
    "ever": {"aggregate": "count()"},
    "ever_summed": {"aggregate": "sum(events)", "where": "feature = 'a'"},
    "ever_users": {"aggregate": "count_distinct(user)"},
    "ever_latest": {"aggregate": "days_since_latest()"},
}
IN_FULL = {
    "ever_days": {"aggregate": "days_active()"},
    "amount": {"aggregate": "sum(amount)", "window": "9 days"},
    "mean": {"aggregate": "avg(events)", "window": "9 days"},
    "last": {"aggregate": "latest(events)", "window": "9 days"},
    "least": {"aggregate": "min(events)", "where": "feature = 'a'", "window": "9 days"},
    "still_open": {"aggregate": "count()", "where": "closed is null or closed > as_of", "window": "9 days"},
    "odd": {"aggregate": "count()", "where": "events / amount > 1", "window": "9 days"},
    "empty_sum": {"aggregate": "sum(events)", "window": "9 days", "empty": "null"},
}


def growing_project(ways: Iterable[str], metrics: Mapping[str, Mapping[str, Any]], *, units: bool = False) -> Project:
    """Each metric over each way to be known, named `<way>_<metric>`, and the change of `all_3` where that is there.

    With `units` every other metric is one of relationships.
    """
    datasets: dict[str, Any] = {"accounts": {"role": "accounts", "table": "accounts", "key": "id"}}
    if units:
        datasets["units"] = {"role": "relationships", "table": "units", "key": "unit", "account": "account"}
    defined: dict[str, Any] = {}
    for way in ways:
        more = {"account": "account", "occurred_at": "day", **({"relationship": "unit"} if units else {})}
        datasets[way] = {"table": way, **more, **WAYS[way]}
        defined |= {f"{way}_{name}": {"dataset": way, **metric} for name, metric in metrics.items()}
        for name in sorted(metrics)[::2] if units else ():  # these are then of relationships alone
            defined[f"{way}_{name}_below"] = {"children": f"{way}_{name}", "of": "relationships", "aggregate": "sum"}
        if "all_3" in metrics:
            defined[f"{way}_change"] = {"change_of": f"{way}_all_3", "over": "4 days"}
    return parse_project({"datasets": datasets, "metrics": defined})


@dataclass
class Growing:
    """A project over rows that are added by and by; `loads` of them so far."""

    project: Project
    warehouse: DuckDBWarehouse = field(default_factory=lambda: DuckDBWarehouse(threads=1))
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    loads: int = 0

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.loads += 1
        self.rows += [{"load_id": self.loads, **row} for row in rows]

    def fold(self, before: date, apart: int) -> None:
        """Rows of days before a date that are alike become one with their sum; loads up to `apart` stay by
        themselves."""
        folded: dict[tuple[Any, ...], dict[str, Any]] = {}
        for one in self.rows:
            same = {name: cell for name, cell in one.items() if name not in ("events", "load_id")}
            kept = one["day"] >= before
            key = (*same.values(), one["load_id"] if kept else one["load_id"] > apart, kept)
            held = folded.setdefault(key, {**same, "events": 0, "load_id": 0})
            held["events"] += one["events"]
            held["load_id"] = max(held["load_id"], one["load_id"])
        self.rows = list(folded.values())

    def data(self) -> ProjectData:
        """Opened anew, as the next run would."""
        warehouse = self.warehouse
        warehouse.add_arrow("accounts", pa.table({"id": list(ACCOUNTS)}))
        warehouse.add_arrow("units", pa.table({"unit": ["u1", "u2"], "account": ["A", "B"]}))
        rows = pa.Table.from_pylist(self.rows, SCHEMA)
        for name in self.project.datasets.keys() - {"accounts", "units"}:
            warehouse.add_arrow(name, rows if name in _WITH_LOADS else rows.drop_columns(["load_id"]))
        data = open_data(self.project, Path(), warehouse=warehouse)
        bind(self.project, data)
        return data

    def in_full(self, at: Moment) -> Values:
        return build_values(self.project, self.data(), [at])[0]

    def refreshed(self, at: Moment, state: RefreshState | None) -> Refreshed:
        return refresh_values(self.project, self.data(), at, state)


def day(number: int) -> date:
    return START + timedelta(days=number)


def at(number: int, hours: int = 24) -> Moment:
    """The end of a day, or so many hours after its end."""
    known = None if hours == 24 else datetime.combine(day(number), datetime.min.time()) + timedelta(hours=hours)
    return moment(day(number), "UTC", known)


def row(number: int, *, account: str | None = "A", late: int = 0, **more: Any) -> dict[str, Any]:
    """A row of one day, recorded so many days later at noon."""
    recorded = datetime.combine(day(number + late), datetime.min.time()) + timedelta(hours=12)
    plain = {"feature": "a", "user": "u", "events": 1, "amount": 1.0, "unit": "u1"}
    return {**plain, "account": account, "day": day(number), "seen": recorded, **more}


def assert_same(one: Values, other: Values) -> None:
    """Bit for bit: metrics, observations, silence and warnings."""
    for kind in ("account", "relationship"):
        left, right = one.of(kind), other.of(kind)  # type: ignore[arg-type]
        assert (left is None) == (right is None)
        if left is None or right is None:
            continue
        assert left.ids.equals(right.ids)
        assert left.metrics.column_names == right.metrics.column_names
        for name in left.metrics.column_names:
            assert left.metrics[name].equals(right.metrics[name]), (name, left.metrics[name], right.metrics[name])
        assert {name: str(seen) for name, seen in left.observed.items()} == {
            name: str(seen) for name, seen in right.observed.items()
        }
        assert left.silent == right.silent
    assert one.warnings == other.warnings
