"""Small files put together, and rows alike added up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from keepwell.lake.tables import LakeTable, TableLayout

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)


def filled(folder: Path, loads: int = 5) -> LakeTable:
    table = LakeTable(folder / "usage", layout=TableLayout(partition_by=("day",), sort_by=("account",), log_days=2))
    for number in range(1, loads + 1):
        rows = {"day": [DAY, DAY, NEXT], "account": ["b", None, "a"], "events": [number, 1, 1]}
        table.append(pa.table(rows), application=("inbox", number))
    return table


@pytest.mark.slow
def test_small_files_of_a_partition_become_one_and_rows_stay(tmp_path: Path) -> None:
    table = filled(tmp_path)
    before = table.read().sort_by([("load_id", "ascending"), ("day", "ascending"), ("account", "ascending")])
    assert table.squeeze({"day": DAY}, target_bytes=2**20) == 5
    assert [file.partition["day"] for file in table.files()].count(DAY) == 1
    assert len(table.files()) == 6
    after = table.read().sort_by([("load_id", "ascending"), ("day", "ascending"), ("account", "ascending")])
    assert after.equals(before)
    assert table.application_version("inbox") == 5
    assert table.squeeze({"day": DAY}, target_bytes=2**20) == 0


@pytest.mark.slow
def test_rows_that_differ_in_their_load_alone_are_added_up(tmp_path: Path) -> None:
    table = filled(tmp_path)
    assert table.compact(among=lambda partition: partition["day"] == DAY, fold="events") == 1
    rows = table.read(where="day = ?", parameters=[DAY]).sort_by("events").to_pylist()
    assert [(row["account"], row["events"], row["load_id"]) for row in rows] == [(None, 5, 5), ("b", 15, 5)]
    assert table.read(where="day = ?", parameters=[NEXT]).num_rows == 5
    assert table.load_id == 5
    assert table.append(pa.table({"day": [DAY], "account": ["b"], "events": [1]})).load_id == 6


@pytest.mark.slow
def test_loads_that_somebody_has_seen_stay_apart_and_what_is_nothing_goes(tmp_path: Path) -> None:
    table = filled(tmp_path)
    table.append(pa.table({"day": [DAY], "account": [None], "events": [-5]}))
    table.compact(among=lambda partition: partition["day"] == DAY, fold="events", apart=2)
    rows = table.read(where="day = ?", parameters=[DAY]).sort_by([("account", "ascending"), ("load_id", "ascending")])
    assert [(row["account"], row["events"], row["load_id"]) for row in rows.to_pylist()] == [
        ("b", 3, 2), ("b", 12, 5), (None, 2, 2), (None, -2, 6)]  # fmt: skip
    table.append(pa.table({"day": [NEXT], "account": ["a"], "events": [-5]}))
    table.compact(among=lambda partition: partition["day"] == NEXT, fold="events")
    assert table.read(where="day = ?", parameters=[NEXT]).num_rows == 0


def test_a_table_says_how_long_its_log_is_kept(tmp_path: Path) -> None:
    assert TableLayout(log_days=2).configuration["delta.logRetentionDuration"] == "interval 2 days"
    assert "delta.logRetentionDuration" not in TableLayout().configuration
    filled(tmp_path)
