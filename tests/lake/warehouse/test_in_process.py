"""DuckDB in process: files, Delta tables and Arrow tables behind one door."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from keepwell.errors import DataRefused, RequestRefused
from keepwell.lake.files import FileSource
from keepwell.lake.tables import LakeTable, TableLayout
from keepwell.lake.warehouse import DuckDBWarehouse, connect


@pytest.fixture
def warehouse():
    with DuckDBWarehouse(threads=1, memory_limit="512MB") as opened:
        yield opened


def test_a_file_is_queried(warehouse, tmp_path: Path):
    (tmp_path / "tickets.csv").write_text("id,account_id,n\n1,a,5\n2,a,7\n3,b,1\n")
    loaded = warehouse.add_files(FileSource("tickets", "tickets.csv", tmp_path))
    tickets = warehouse.table("tickets")
    found = warehouse.run(tickets.group_by("account_id").agg(n=tickets.n.sum()).order_by("account_id"))
    assert found.to_pydict() == {"account_id": ["a", "b"], "n": [12, 1]}
    assert found.schema.field("n").type == pa.int64()
    assert warehouse.loaded["tickets"] is loaded


def test_a_lake_table_is_queried_as_of_a_version(warehouse, tmp_path):
    table = LakeTable(tmp_path / "usage", layout=TableLayout(partition_by=("kind",)))
    table.append(pa.table({"kind": ["x", None], "n": [1, 2]}))
    table.append(pa.table({"kind": ["x"], "n": [3]}))
    warehouse.add_lake_table("usage", table)
    warehouse.add_lake_table("before", table, version=0)
    for name, rows in (("usage", 3), ("before", 2)):
        assert warehouse.run(warehouse.table(name).count().as_table())[0].to_pylist() == [rows]
    table.append(pa.table({"kind": ["x"], "n": [4]}))
    assert warehouse.run(warehouse.table("usage")).num_rows == 3
    warehouse.add_lake_table("usage", table)
    assert warehouse.run(warehouse.table("usage")).num_rows == 4


def test_registering_again_replaces_whatever_had_the_name(warehouse, tmp_path):
    (tmp_path / "x.csv").write_text("a\n1\n")
    warehouse.add_arrow("x", pa.table({"b": [1]}))
    assert warehouse.table("x").columns == ("b",)
    warehouse.add_files(FileSource("x", "x.csv", tmp_path))
    assert warehouse.table("x").columns == ("a",)
    warehouse.add_arrow("x", pa.table({"c": [1]}))
    assert warehouse.table("x").columns == ("c",)
    assert "x" not in warehouse.loaded


def test_a_file_that_is_refused_leaves_no_table(warehouse, tmp_path):
    (tmp_path / "x.csv").write_text("a\n1\n")
    warehouse.add_files(FileSource("x", "x.csv", tmp_path))
    with pytest.raises(DataRefused):
        warehouse.add_files(FileSource("x", "y.csv", tmp_path))
    with pytest.raises(RequestRefused, match="no table 'x'"):
        warehouse.table("x")


def test_results_have_the_types_of_the_expression(warehouse):
    moment = pa.array([datetime(2024, 1, 1, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    warehouse.add_arrow("t", pa.table({"at": moment, "n": pa.array([1], pa.int8()), "x": [math.nan], "l": [["a"]]}))
    table = warehouse.table("t")
    expression = table.group_by("at", "l").agg(total=table.n.sum(), half=table.n.sum() / 2, x=table.x.max())
    found = warehouse.run(expression)
    assert found.schema.equals(expression.schema().to_pyarrow())
    assert found["total"].to_pylist() == [1]
    assert math.isnan(found["x"][0].as_py())


def test_tables_in_memory_can_be_joined(warehouse):
    warehouse.add_arrow("t", pa.table({"id": [1, 2, 3]}))
    chosen = ibis.memtable(pa.table({"id": [2, 3]}))
    assert warehouse.run(warehouse.table("t").semi_join(chosen, "id").order_by("id"))["id"].to_pylist() == [2, 3]


def test_what_is_not_there_is_said_with_what_is(warehouse):
    warehouse.add_arrow("tickets", pa.table({"id": [1]}))
    with pytest.raises(RequestRefused, match="no table 'tickest'; tables there: tickets"):
        warehouse.table("tickest")
    with pytest.raises(RequestRefused, match="tables there: tickets"):
        warehouse.table("duckdb_settings")
    stale = warehouse.table("tickets")
    warehouse.add_arrow("tickets", pa.table({"other": [1]}))
    with pytest.raises(RequestRefused, match="does not exist"):
        warehouse.run(stale)


def test_values_that_cannot_be_computed_with_are_refused_in_plain_words(warehouse):
    warehouse.add_arrow("t", pa.table({"word": ["x"], "n": [2**62]}))
    table = warehouse.table("t")
    with pytest.raises(DataRefused, match="Could not convert string 'x'"):
        warehouse.run(table.select(n=table.word.cast("int64")))
    doubled = warehouse.table("t").union(table).union(table)
    with pytest.raises(DataRefused, match="too large"):
        warehouse.run(doubled.agg(n=doubled.n.sum()))


def test_running_out_of_memory_is_said_and_the_next_query_runs(tmp_path):
    with DuckDBWarehouse(threads=1, memory_limit="20MB", temporary=tmp_path) as small:
        small.connection.execute("set max_temp_directory_size = '1MB'")
        small.add_arrow("t", pa.table({"n": range(1000)}))
        table = small.table("t")
        pairs = table.cross_join(table.view())
        crossed = pairs.union(pairs).union(pairs).order_by("n_right", "n")
        with pytest.raises(RequestRefused, match="raise the memory limit"):
            small.run(crossed)
        assert small.run(table.count().as_table())[0].to_pylist() == [1000]


def test_closing_removes_what_was_spilled(tmp_path):
    opened = connect("duckdb://")
    assert isinstance(opened, DuckDBWarehouse)
    opened.close()
    opened.close()
    here = DuckDBWarehouse(temporary=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    here.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["mysql://x", "duckdb", None, "", "C:/x"])
def test_addresses(address):
    if address in ("duckdb", None, ""):
        with connect(address) as opened:
            assert opened.dialect == "duckdb"
    else:
        with pytest.raises(RequestRefused, match="is not understood; use duckdb://"):
            connect(address)
