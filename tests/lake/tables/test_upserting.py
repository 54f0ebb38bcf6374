"""Rows in the place of those with the same key: what they were is gone, everything else stays as it lies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from keepwell.errors import DataRefused
from keepwell.lake.tables import LakeTable, TableLayout


def tickets(*rows: tuple[str, str, str], **more: list[object]) -> pa.Table:
    """Rows of (number, day, state)."""
    number, day, state = zip(*rows, strict=True)
    days = pa.array([date.fromisoformat(one) for one in day], pa.date32())
    return pa.table({"number": list(number), "day": days, "state": list(state), **more})


def held(table: LakeTable) -> list[tuple[str, str, int]]:
    return sorted((row["number"], row["state"], row["load_id"]) for row in table.read().to_pylist())


@pytest.fixture
def monthly(tmp_path: Path) -> LakeTable:
    table = LakeTable(tmp_path / "tickets", layout=TableLayout(month_of="day", sort_by=("number",)))
    table.append(tickets(("a", "2026-01-05", "open"), ("b", "2026-01-06", "open"), ("c", "2026-02-01", "open")))
    return table


def test_a_row_takes_the_place_of_its_key_and_others_keep_their_load(monthly: LakeTable) -> None:
    done = monthly.upsert(["number"], tickets(("b", "2026-01-06", "shut"), ("d", "2026-02-02", "open")))
    assert (done.rows, done.load_id, done.written) == (2, 2, True)
    assert held(monthly) == [("a", "open", 1), ("b", "shut", 2), ("c", "open", 1), ("d", "open", 2)]


def test_files_that_hold_no_such_key_are_not_written_again(monthly: LakeTable) -> None:
    january = {one.path for one in monthly.files() if "2026-01" in one.path}
    monthly.upsert(["number"], tickets(("c", "2026-02-01", "shut")))
    assert january <= {one.path for one in monthly.files()}
    assert len(monthly.files()) == 2


@pytest.mark.slow
def test_a_row_that_moves_to_another_month_is_there_once(monthly: LakeTable) -> None:
    monthly.upsert(["number"], tickets(("a", "2026-02-20", "late")))
    assert held(monthly) == [("a", "late", 2), ("b", "open", 1), ("c", "open", 1)]


@pytest.mark.slow
def test_it_is_one_commit_that_happens_once(monthly: LakeTable) -> None:
    before = monthly.version
    assert (
        monthly.upsert(["number"], tickets(("a", "2026-01-05", "shut")), application=("sync", 4)).version == before + 1
    )
    assert not monthly.upsert(["number"], tickets(("a", "2026-01-05", "open")), application=("sync", 4)).written
    assert (monthly.version, monthly.application_version("sync")) == (before + 1, 4)
    assert held(monthly)[0] == ("a", "shut", 2)
    assert monthly.read(version=before).num_rows == 3


@pytest.mark.slow
def test_new_columns_are_added_and_columns_that_are_not_given_emptied(monthly: LakeTable) -> None:
    monthly.upsert(["number"], tickets(("a", "2026-01-05", "shut"), mood=["good"]))
    assert {row["number"]: row["mood"] for row in monthly.read().to_pylist()} == {"a": "good", "b": None, "c": None}
    monthly.upsert(["number"], tickets(("a", "2026-01-05", "open")))
    assert monthly.read(where="number = 'a'").to_pylist()[0]["mood"] is None
    with pytest.raises(DataRefused, match="a column keeps its type"):
        monthly.upsert(["number"], tickets(("a", "2026-01-05", "open"), mood=[1]))


def test_keys_of_two_columns_and_a_table_that_is_not_there_yet(tmp_path: Path) -> None:
    table = LakeTable(tmp_path / "fresh")
    table.upsert(["number", "day"], tickets(("a", "2026-01-05", "one"), ("a", "2026-01-06", "two")))
    table.upsert(["number", "day"], tickets(("a", "2026-01-06", "three")))
    assert held(table) == [("a", "one", 1), ("a", "three", 2)]
