"""Refreshing over files that come, change and go: unchanged ones are not read again, the numbers are those of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keepwell.definitions import Project, parse_project
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.metrics.unmatched import LEAD
from keepwell.engine.refresh import pairs as pairs_module
from keepwell.engine.refresh.refresh import Refreshed, refresh_values
from keepwell.engine.refresh.state import RefreshState
from keepwell.lake.data import ProjectData, open_data
from keepwell.lake.identity import link
from keepwell.lake.place import FACTS, IDENTITY, Lake
from keepwell.lake.states import read_state, write_state
from tests.engine.refresh.growing import ACCOUNTS, ADVANCED, SCHEMA, assert_same, at, row

METRICS = {name: ADVANCED[name] for name in ("a_3", "a_9", "all_3", "breadth_9", "days_9", "ever", "users_9")}


def project(kind: str = "parquet") -> Project:
    return parse_project(
        {
            "datasets": {
                "accounts": {"role": "accounts", "file": "accounts.parquet", "key": "id"},
                "usage": {"file": f"usage/*.{kind}", "account": "account", "occurred_at": "day"},
            },
            "metrics": {name: {"dataset": "usage", **metric} for name, metric in METRICS.items()},
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "usage").mkdir()
    pq.write_table(pa.table({"id": list(ACCOUNTS)}), tmp_path / "accounts.parquet")
    write(tmp_path, "first", [row(number, account="AB"[number % 2], user=f"u{number}") for number in range(6)])
    return tmp_path


def write(folder: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    table = pa.Table.from_pylist(list(rows), SCHEMA).drop_columns(["load_id"])
    pq.write_table(table, folder / "usage" / f"{name}.parquet")


class Counting(ProjectData):
    """The queries that were run, as text."""

    def run(self, expression: ibis.Table) -> pa.Table:
        self.__dict__.setdefault("asked", []).append(self.warehouse.sql(expression))
        return super().run(expression)


def refreshed(folder: Path, number: int, state: RefreshState | None) -> tuple[Refreshed, list[str]]:
    """Checked against all facts, and what was asked of the usage.

    Rows without an account are asked for in full, since files say in their statistics that they have none.
    """
    definitions = project()
    with open_data(definitions, folder) as data:
        bind(definitions, data)
        counting = Counting(definitions, data.warehouse, folder)
        found = refresh_values(definitions, counting, at(number), state)
        (whole,) = build_values(definitions, data, [at(number)])
    assert_same(found.values, whole)
    return found, [sql for sql in counting.__dict__["asked"] if "usage" in sql and LEAD not in sql]


@pytest.mark.slow
def test_what_lies_in_unchanged_files_is_not_counted_again(folder: Path) -> None:
    first, _ = refreshed(folder, 5, None)
    write(folder, "second", [row(6, account="C"), row(6, feature="b")])
    second, asked = refreshed(folder, 6, first.state)
    assert second.rebuilt == {}
    assert sum("COUNT(" in sql and "usage:part" not in sql for sql in asked) == 0
    assert {ids.to_pylist()[0] for ids in second.touched.values()} <= {"A", "C"}


@pytest.mark.slow
def test_nothing_came_and_nothing_is_counted(folder: Path) -> None:
    first, _ = refreshed(folder, 5, None)
    second, asked = refreshed(folder, 6, first.state)
    assert second.rebuilt == {}
    assert [sql for sql in asked if "COUNT(" in sql] == []


@pytest.mark.slow
def test_a_new_file_with_rows_of_earlier_days_has_the_parts_built_anew(folder: Path) -> None:
    first, _ = refreshed(folder, 5, None)
    write(folder, "late", [row(3, account="C"), row(6)])
    second, _ = refreshed(folder, 6, first.state)
    assert second.rebuilt
    assert all("now there are" in reason for reason in second.rebuilt.values())


@pytest.mark.slow
def test_a_file_that_was_written_again_is_counted(folder: Path) -> None:
    first, _ = refreshed(folder, 5, None)
    write(folder, "first", [row(number, account="AB"[number % 2]) for number in range(5)])
    assert refreshed(folder, 6, first.state)[0].rebuilt


@pytest.mark.slow
def test_a_file_that_is_gone_is_missed(folder: Path) -> None:
    write(folder, "second", [row(2, account="C")])
    first, _ = refreshed(folder, 5, None)
    (folder / "usage" / "second.parquet").unlink()
    assert refreshed(folder, 6, first.state)[0].rebuilt


@pytest.mark.slow
def test_rows_of_later_days_wait_in_files_that_were_seen(folder: Path) -> None:
    write(folder, "ahead", [row(7, account="C"), row(8)])
    first, _ = refreshed(folder, 5, None)
    assert refreshed(folder, 8, first.state)[0].rebuilt == {}


@pytest.mark.slow
def test_what_was_held_is_kept_with_the_state(folder: Path, tmp_path: Path) -> None:
    first, _ = refreshed(folder, 5, None)
    write_state(tmp_path / "state", first.state)
    write(folder, "second", [row(6, account="C")])
    second, asked = refreshed(folder, 6, read_state(tmp_path / "state", project()))
    assert second.rebuilt == {}
    assert sum("COUNT(" in sql and "usage:part" not in sql for sql in asked) == 0


@pytest.mark.slow
def test_many_values_are_kept_as_a_list(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs_module, "MOST_CELLS", 10)
    state: RefreshState | None = None
    for number in range(5, 9):
        write(folder, f"of {number}", [row(number, account="C", user=f"u{number - 3}", feature="abcd"[number % 4])])
        found, _ = refreshed(folder, number, state)
        write_state(tmp_path / "state", found.state)
        state = read_state(tmp_path / "state", project())


@pytest.mark.slow
def test_accounts_that_became_one_have_the_parts_built_anew(tmp_path: Path, folder: Path) -> None:
    definitions, lake = project(), Lake(tmp_path / "lake")
    rows = pa.Table.from_pylist([row(number, account="AB"[number % 2]) for number in range(6)], SCHEMA)
    lake.table(FACTS + "usage").append(rows.drop_columns(["load_id", "seen"]))
    identity = lake.table(IDENTITY)

    def refreshing(number: int, state: RefreshState | None) -> Refreshed:
        with open_data(definitions, folder, lake=lake) as data:
            bind(definitions, data)
            found = refresh_values(definitions, data, at(number), state)
            assert_same(found.values, build_values(definitions, data, [at(number)])[0])
        return found

    first = refreshing(5, None)
    assert refreshing(6, first.state).rebuilt == {}
    identity.append(link("usage", {"B": "A"}, recorded_at=datetime(2024, 3, 6, tzinfo=UTC), change="one"))
    assert refreshing(6, first.state).rebuilt
