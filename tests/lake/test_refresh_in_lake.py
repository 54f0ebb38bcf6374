"""Values of one date that move on with every load of a table in the lake, equal to those of all facts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from keepwell.definitions import Project, parse_project
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.building.quiet import QuietCollector
from keepwell.engine.moments import moment
from keepwell.engine.overlaying import Newer, overlaid, rows_of
from keepwell.engine.refresh.refresh import Refreshed, refresh_values
from keepwell.engine.refresh.state import RefreshState
from keepwell.engine.values import Values
from keepwell.lake.data import open_data
from keepwell.lake.place import Lake
from keepwell.lake.tables import LakeTable, TableLayout

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def project() -> Project:
    events = {"table": "keepwell.events", "account": "account", "occurred_at": "at", "recorded_at": "seen"}
    metrics = {
        "events_30": "count()", "names_30": "count_distinct(name)", "days_30": "days_active()",
        "seen_30": "days_since_latest()",
    }  # fmt: skip
    return parse_project(
        {
            "datasets": {"accounts": {"role": "accounts", "table": "people", "key": "id"}, "use": events},
            "metrics": {
                name: {"dataset": "use", "aggregate": one, "window": "30 days"} for name, one in metrics.items()
            },
        }
    )


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    lake.table("facts/accounts").append(pa.table({"id": ["a", "b", "c"]}))
    return lake


def came(lake: Lake, account: str, *, name: str = "x", days: int = 0, seen: datetime = NOON) -> LakeTable:
    table = lake.table("facts/keepwell.events", TableLayout(partition_by=("local_day",), sort_by=("account",)))
    at = NOON - timedelta(days=days, hours=3)
    rows = {"account": [account], "name": [name], "at": [at], "seen": [seen], "local_day": [at.date()]}
    table.append(pa.table(rows))
    return table


def refreshed(
    project: Project, lake: Lake, state: RefreshState | None, *, hours: int = 0, settled: Collection[str] = ()
) -> Refreshed:
    at = moment(DAY, "UTC", NOON + timedelta(hours=hours))
    with open_data(project, lake.root, lake=lake) as data:
        bind(project, data)
        found = refresh_values(project, data, at, state, settled=settled, collector=QuietCollector)
        (whole,) = build_values(project, data, [at])
    assert found.values.accounts.metrics.to_pydict() == whole.accounts.metrics.to_pydict()
    return found


@pytest.mark.slow
def test_each_load_moves_values_on_and_names_whom_it_touched(project: Project, lake: Lake) -> None:
    came(lake, "a", days=3)
    state = refreshed(project, lake, None).state
    for account in ("b", "a", "b"):
        came(lake, account, name=account)
        found = refreshed(project, lake, state, settled=["use"])
        assert found.rebuilt == {}
        assert found.touched["use", "account"].to_pylist() == [account]
        state = found.state
    assert refreshed(project, lake, state, settled=["use"]).touched["use", "account"].to_pylist() == []


@pytest.mark.slow
def test_files_put_together_change_nothing_and_a_fold_is_noticed(project: Project, lake: Lake) -> None:
    came(lake, "a")
    state = refreshed(project, lake, None).state
    table = came(lake, "a")
    state = refreshed(project, lake, state, settled=["use"]).state
    table.squeeze({"local_day": DAY}, target_bytes=2**20)
    found = refreshed(project, lake, state, settled=["use"])
    assert found.rebuilt == {}
    table.replace({}, table.read(columns=["account", "name", "at", "seen", "local_day"]).slice(0, 1))
    assert refreshed(project, lake, found.state, settled=["use"]).rebuilt


@pytest.mark.slow
def test_what_is_known_later_than_it_was_seen_is_found_unless_it_is_said_to_be_settled(
    project: Project, lake: Lake
) -> None:
    came(lake, "a")
    state = refreshed(project, lake, None).state
    came(lake, "b", seen=NOON + timedelta(hours=2))
    state = refreshed(project, lake, state, hours=1).state
    came(lake, "c")
    found = refreshed(project, lake, state, hours=3)
    assert found.values.accounts.metrics["events_30"].to_pylist() == [1, 1, 1]


@pytest.mark.slow
def test_newer_rows_laid_over_older_values_are_the_newer_values(project: Project, lake: Lake) -> None:
    came(lake, "a", days=5)
    before = refreshed(project, lake, None)
    came(lake, "a", name="y")
    came(lake, "b")
    after = refreshed(project, lake, before.state, settled=["use"]).values
    rows = rows_of(after.accounts)
    same(overlaid(before.values, Newer(DAY, rows, {})), after)
    partly = overlaid(before.values, Newer(DAY, {"b": rows["b"]}, {}))
    assert partly.accounts.metrics["events_30"].to_pylist() == [1, 1, 0]


def same(one: Values, other: Values) -> None:
    assert one.as_of == other.as_of
    assert one.accounts.metrics.equals(other.accounts.metrics)
    assert one.accounts.attributes.equals(other.accounts.attributes)
    for name, days in other.accounts.observed.items():
        assert pa.array(one.accounts.observed[name]).equals(pa.array(days))
