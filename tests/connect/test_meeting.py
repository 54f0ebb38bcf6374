"""How rows that were read meet those that are there, in every mode, against what a dictionary would hold."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("dlt", reason="needs the extra `connectors`")

from keepwell.connect.document import SyncDocument, document_of
from keepwell.connect.loading import load
from keepwell.connect.meeting import Met, meet
from keepwell.connect.staging import Outcome, Staging
from keepwell.lake.place import Lake
from keepwell.lake.tables import LakeTable

NOW = datetime(2026, 3, 1, tzinfo=UTC)
_TIME = pa.timestamp("us", "UTC")
Rows = dict[str, str]


def document(mode: str = "upsert", **more: Any) -> SyncDocument:
    columns = {"key": "key", "state": "state"}
    return document_of({"stream": "s", "dataset": "d", "columns": columns, "keys": ["key"], "mode": mode, **more})


def rows(*pairs: tuple[str, str | None], deleted: bool = False) -> pa.Table:
    table = pa.table({"key": [one for one, _ in pairs], "state": pa.array([two for _, two in pairs], pa.string())})
    return table.append_column("deleted_at", pa.nulls(table.num_rows, _TIME)) if deleted else table


def put(wanted: SyncDocument, table: LakeTable, arrived: pa.Table) -> Met:
    met = meet(wanted, table, arrived, NOW)
    if met.rows is not None:
        {"replace": lambda: table.replace({}, met.rows), "append": lambda: table.append(met.rows),
         "upsert": lambda: table.upsert(wanted.keys, met.rows)}[met.how]()  # fmt: skip
    return met


def counts(met: Met) -> tuple[int, int, int, int]:
    return met.added, met.changed, met.unchanged, met.deleted


def held(table: LakeTable) -> list[tuple[Any, ...]]:
    return sorted((row["key"], row["state"]) for row in table.read().to_pylist())


@pytest.fixture
def table(tmp_path: Path) -> LakeTable:
    found = LakeTable(tmp_path / "d")
    found.append(rows(("a", "one"), ("b", "one")))
    return found


@pytest.mark.slow
def test_only_rows_that_are_new_or_changed_are_written(table: LakeTable) -> None:
    met = put(document(), table, rows(("a", "one"), ("b", "two"), ("c", "one")))
    assert met.rows is not None
    assert (met.how, met.rows.num_rows, counts(met)) == ("upsert", 2, (1, 1, 1, 0))
    assert held(table) == [("a", "one"), ("b", "two"), ("c", "one")]


def test_of_a_key_that_comes_twice_the_last_row_counts(table: LakeTable) -> None:
    assert counts(put(document(), table, rows(("b", "two"), ("b", "three")))) == (0, 1, 0, 0)
    assert held(table) == [("a", "one"), ("b", "three")]


@pytest.mark.slow
def test_a_key_that_was_there_twice_is_there_once_afterwards(table: LakeTable) -> None:
    table.append(rows(("b", "other")))
    put(document(), table, rows(("b", "two")))
    assert held(table) == [("a", "one"), ("b", "two")]


@pytest.mark.slow
def test_missing_rows_are_marked_once_and_others_left_alone(table: LakeTable) -> None:
    wanted = document(deleted="missing")
    assert counts(put(wanted, table, rows(("b", "one"), deleted=True))) == (0, 0, 1, 1)
    marked = {row["key"]: row["deleted_at"] for row in table.read().to_pylist()}
    assert marked == {"a": NOW, "b": None}
    assert put(wanted, table, rows(("b", "one"), deleted=True)).how == "nothing"


@pytest.mark.slow
def test_history_adds_what_changed_and_what_went(tmp_path: Path) -> None:
    table, wanted = LakeTable(tmp_path / "d"), document("history", deleted="missing")
    put(wanted, table, rows(("a", "one"), ("b", "one"), deleted=True))
    met = put(wanted, table, rows(("b", "two"), deleted=True))
    assert (met.how, counts(met)) == ("append", (0, 1, 0, 1))
    assert held(table) == [("a", "one"), ("a", "one"), ("b", "one"), ("b", "two")]
    assert put(wanted, table, rows(("b", "two"), deleted=True)).how == "nothing"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["one", "two"]), min_size=1), max_size=4))
@pytest.mark.slow
def test_upserts_one_after_another_are_what_a_dictionary_holds(tmp_path: Path, given_rows: list[Rows]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    table, expected = LakeTable(folder), Rows()
    for some in given_rows:
        met = put(document(), table, rows(*some.items()))
        new = some.keys() - expected.keys()
        changed = [key for key in some.keys() & expected.keys() if some[key] != expected[key]]
        assert counts(met) == (len(new), len(changed), len(some) - len(new) - len(changed), 0)
        expected |= some
    assert (held(table) if table.exists else []) == sorted(expected.items())


@pytest.mark.slow
def test_a_load_that_breaks_off_leaves_the_table_as_it_was(
    table: LakeTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, wanted = Lake(tmp_path / "lake"), document()
    facts = lake.table("facts/d")
    facts.append(rows(("a", "one")))
    staging = Staging(tmp_path / "run")
    done = staging.fill(wanted, [[{"key": "a", "state": "two"}, {"key": "z", "state": "new"}]], NOW, UTC)

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    how = {"sync": "s", "run": 1, "now": NOW, "dataset": None, "zone": UTC, "whole": True}
    with monkeypatch.context() as patched:
        patched.setattr("keepwell.lake.tables.table.put_rows", broken)
        with pytest.raises(OSError, match="disk is full"):
            load(wanted, lake, staging, done, **how)
    assert (facts.version, held(facts)) == (0, [("a", "one")])
    load(wanted, lake, staging, Outcome(), **how)
    load(wanted, lake, staging, Outcome(), **how)
    assert (facts.version, held(facts)) == (1, [("a", "two"), ("z", "new")])
