"""One Delta table: what is written is read back, whole or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keepwell.errors import DataRefused, RequestRefused
from keepwell.lake.tables import LakeTable, TableLayout


def logins(*days: tuple[str, str | None], **more) -> pa.Table:
    """Rows of (account, ISO day or None)."""
    parsed = [date.fromisoformat(day) if day else None for _, day in days]
    return pa.table({"account_id": [name for name, _ in days], "day": pa.array(parsed, pa.date32()), **more})


def accounts(table: LakeTable, **how) -> list[str]:
    return sorted(table.read(columns=["account_id"], **how)["account_id"].to_pylist())


@pytest.fixture
def table(tmp_path) -> LakeTable:
    return LakeTable(tmp_path / "logins")


@pytest.fixture
def monthly(tmp_path) -> LakeTable:
    return LakeTable(tmp_path / "logins", layout=TableLayout(month_of="day", sort_by=("account_id", "day")))


def test_nothing_is_there_before_the_first_write(table):
    assert (table.exists, table.version, table.load_id, table.files()) == (False, -1, 0, [])
    with pytest.raises(RequestRefused, match="there is no table 'logins' yet"):
        table.read()


def test_appends_add_up_and_every_row_carries_a_growing_load_id(table):
    first = table.append(logins(("a", "2024-01-01")))
    second = table.append(logins(("b", "2024-01-02"), ("c", None)))
    assert (first.version, first.load_id, second.version, second.load_id, second.rows) == (0, 1, 1, 2, 2)
    read = table.read().sort_by("account_id")
    assert read["load_id"].to_pylist() == [1, 2, 2]
    with pytest.raises(RequestRefused, match="load_id 2 does not grow; the last one was 2"):
        table.append(logins(("d", None)), load_id=2)
    assert table.append(logins(("d", None)), load_id=9).load_id == table.load_id == 9


def test_an_older_version_reads_as_it_was(table):
    table.append(logins(("a", "2024-01-01")))
    table.append(logins(("b", "2024-01-01")))
    assert (accounts(table, version=0), accounts(table, version=1)) == (["a"], ["a", "b"])
    with pytest.raises(RequestRefused, match="no version 7; the newest is 1"):
        table.read(version=7)


def test_a_batch_is_written_once(table):
    assert table.append(logins(("a", None)), application=("inbox", 0)).written
    assert not table.append(logins(("a", None)), application=("inbox", 0)).written
    assert table.append(logins(("b", None)), application=("inbox", 5)).written
    assert not table.append(logins(("z", None)), application=("inbox", 4)).written
    assert table.append(logins(("c", None)), application=("other", 0)).written
    assert accounts(table) == ["a", "b", "c"]
    assert LakeTable(table.path).application_version("inbox") == 5


def test_partition_columns_come_back_from_the_folders_nulls_and_odd_names_included(tmp_path):
    table = LakeTable(tmp_path / "events", layout=TableLayout(partition_by=("kind", "n")))
    rows = pa.table({"kind": ["a b/c=d", None, "2024", "50%"], "n": [1, 2, None, 4], "x": [1.0, 2.0, 3.0, 4.0]})
    table.append(rows)
    read = table.read(columns=["kind", "n", "x"]).sort_by("x")
    assert read.to_pylist() == rows.to_pylist()
    assert read.schema.field("n").type == pa.int64()
    assert table.read(where="kind is null", columns=["x"])["x"].to_pylist() == [2.0]


def test_months_are_partitions_and_opening_by_name_alone_knows_it(monthly):
    monthly.append(logins(("a", "2024-01-31"), ("b", "2024-02-01"), ("c", None)))
    again = LakeTable(monthly.path)
    assert again.layout == TableLayout(month_of="day", sort_by=("account_id", "day"))
    again.append(logins(("d", "2024-02-29")))
    months = {file.partition["day_month"] for file in again.files()}
    assert sorted(months, key=str) == ["2024-01", "2024-02", None]
    assert accounts(again, where="day_month = ?", parameters=["2024-02"]) == ["b", "d"]


def test_replacing_a_partition_leaves_the_others(monthly):
    monthly.append(logins(("a", "2024-01-31"), ("b", "2024-02-01"), ("c", None)))
    monthly.replace({"day_month": "2024-02"}, logins(("x", "2024-02-05")))
    monthly.replace({"day_month": None}, logins(("y", None), more=pa.array(["new"])))
    assert accounts(monthly) == ["a", "x", "y"]
    assert accounts(monthly, version=0) == ["a", "b", "c"]
    with pytest.raises(DataRefused, match="cannot replace day_month '2024-02'"):
        monthly.replace({"day_month": "2024-02"}, logins(("z", "2024-03-01")))
    with pytest.raises(RequestRefused, match="not partitioned by 'day' but by day_month"):
        monthly.replace({"day": None}, logins(("z", None)))
    monthly.replace({}, logins(("only", "2024-05-01")))
    assert accounts(monthly) == ["only"]


def test_replacing_is_idempotent_with_an_application(monthly):
    assert monthly.replace({}, logins(("a", None)), application=("rebuild", 1)).written
    assert not monthly.replace({}, logins(("b", None)), application=("rebuild", 1)).written
    assert accounts(monthly) == ["a"]


@pytest.mark.slow
def test_compaction_sorts_and_changes_no_row(monthly):
    for name in "cab":
        monthly.append(logins((name, "2024-01-02"), (name, "2024-01-01"), (name, "2024-02-01")))
    before = sorted(map(str, monthly.read().to_pylist()))
    assert monthly.compact() == 2
    assert sorted(map(str, monthly.read().to_pylist())) == before
    january = [file.path for file in monthly.files() if file.partition["day_month"] == "2024-01"]
    assert len(january) == 1
    stored = pq.read_table(january[0], columns=["account_id", "day"], partitioning=None)
    assert stored.equals(stored.sort_by([("account_id", "ascending"), ("day", "ascending")]))
    assert accounts(monthly, version=0) == ["c", "c", "c"]
    assert (monthly.compact(), monthly.load_id) == (0, 3)


@pytest.mark.slow
def test_retention_deletes_what_is_older_and_vacuum_frees_it(monthly):
    monthly.append(logins(("a", "2024-01-31"), ("b", "2024-02-10"), ("c", "2024-02-20"), ("d", None)))
    assert monthly.retain("day", date(2024, 2, 15)) == 2
    assert accounts(monthly) == ["c", "d"]
    assert accounts(monthly, version=0) == ["a", "b", "c", "d"]
    assert monthly.vacuum(older_than_hours=0) > 0
    assert accounts(monthly) == ["c", "d"]
    with pytest.raises(RequestRefused, match="no longer kept"):
        monthly.read(version=0)
    with pytest.raises(RequestRefused, match="no column 'dy'; did you mean 'day'"):
        monthly.retain("dy", date(2024, 1, 1))


def test_retention_by_time_and_the_load_id_grows_over_it(table):
    times = [datetime(2024, 1, 1, hour, tzinfo=UTC) for hour in (1, 2)]
    table.append(pa.table({"account_id": ["a", "b"], "at": pa.array(times, pa.timestamp("us", "UTC"))}))
    assert table.retain("at", datetime(2024, 1, 1, 4, tzinfo=timezone(timedelta(hours=2)))) == 1
    table.retain("at", datetime(2025, 1, 1, tzinfo=UTC))
    assert table.read().num_rows == 0
    assert table.append(pa.table({"account_id": ["c"]})).load_id == 2


def test_more_columns_are_welcome(table):
    table.append(logins(("a", "2024-01-01")))
    table.append(logins(("b", "2024-01-01"), seats=pa.array([5])))
    table.append(pa.table({"account_id": ["c"]}))
    assert table.read(columns=["account_id", "day", "seats"]).sort_by("account_id").to_pylist() == [
        {"account_id": "a", "day": date(2024, 1, 1), "seats": None},
        {"account_id": "b", "day": date(2024, 1, 1), "seats": 5},
        {"account_id": "c", "day": None, "seats": None},
    ]
    assert table.schema().names[-1] == "seats"
    assert "seats" not in table.schema(version=0).names


def test_a_column_without_a_file_reads_as_null(table):
    table.append(logins(("a", "2024-01-01")))
    table.append(logins(("b", "2020-01-01"), seats=pa.array([5])))
    table.retain("day", date(2023, 1, 1))
    assert table.read(columns=["account_id", "seats"]).to_pylist() == [{"account_id": "a", "seats": None}]


def test_another_type_is_refused_in_clear_words_and_nothing_is_written(table):
    table.append(pa.table({"account_id": ["a"], "seats": [5], "tags": [["x"]]}))
    with pytest.raises(DataRefused) as caught:
        table.append(pa.table({"account_id": [1], "seats": ["many"], "tags": [["y"]]}))
    assert [str(problem).split(";")[0] for problem in caught.value.problems] == [
        "logins: column 'account_id' is string in the table and int64 in the new rows",
        "logins: column 'seats' is int64 in the table and string in the new rows",
    ]
    assert table.version == 0


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (pa.array([1], pa.int32()), [1]),
        (pa.array([None], pa.null()), [None]),
        (pa.array([3], pa.uint8()), [3]),
    ],
)
def test_narrower_and_empty_columns_fit(table, given, stored):
    table.append(pa.table({"seats": pa.array([7], pa.int64())}))
    table.append(pa.table({"seats": given}))
    assert table.read(where="load_id = 2")["seats"].to_pylist() == stored


def test_arrow_types_that_delta_lacks_are_stored_as_their_plain_kin(table):
    words = pa.array(["x", None]).dictionary_encode()
    moments = pa.array([datetime(2024, 1, 1), None], pa.timestamp("ns", "Europe/Paris"))
    table.append(
        pa.table({"w": words, "l": pa.array(["y", "z"], pa.large_string()), "at": moments, "nothing": pa.nulls(2)})
    )
    schema = table.schema()
    assert schema.names == ["w", "l", "at", "load_id"]
    assert [schema.field(name).type for name in ("w", "l", "at")] == [
        pa.string(),
        pa.string(),
        pa.timestamp("us", "UTC"),
    ]
    assert table.read(where="w = 'x'")["at"][0].as_py() == datetime(2024, 1, 1, tzinfo=UTC)


def test_times_without_zone_and_names_that_differ_in_case_are_refused(table):
    rows = pa.table({"at": pa.array([datetime(2024, 1, 1)]), "Seats": [1], "seats": [2]})
    with pytest.raises(DataRefused) as caught:
        table.append(rows)
    said = "\n".join(map(str, caught.value.problems))
    assert "times without a time zone" in said
    assert "differ in case alone: 'Seats'" in said
    assert not table.exists


def test_list_columns_keep_their_nulls(table):
    values = [[1.0, None], None, []]
    table.append(pa.table({"k": [1, 2, 3], "scores": pa.array(values, pa.list_(pa.float64()))}))
    assert table.read().sort_by("k")["scores"].to_pylist() == values


@pytest.mark.slow
def test_checkpoints_are_written_every_hundred_commits(table):
    for _ in range(102):
        table.append(pa.table({"n": [1]}))
    assert (table.path / "_delta_log" / "_last_checkpoint").exists()
    assert LakeTable(table.path).read().num_rows == 102
    assert LakeTable(table.path).load_id == 102


def test_a_column_that_does_not_exist_is_refused(table):
    table.append(logins(("a", None)))
    with pytest.raises(RequestRefused, match="no column 'acount_id'; did you mean 'account_id'"):
        table.relation_sql(columns=["acount_id"])
    with pytest.raises(RequestRefused, match="nope"):
        table.read(where="nope = 1")
