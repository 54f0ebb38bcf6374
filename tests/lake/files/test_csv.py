"""CSV files: what is read, as which type, and which rows are rejected where."""

from __future__ import annotations

import gzip
import math
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from keepwell.lake.files import FileSource, LoadedFiles, describe_rejects, misfits, read_files, write_rejects
from keepwell.lake.statements import quoted


@pytest.fixture
def load(connection, tmp_path):
    def loading(content: str | bytes, name: str = "tickets.csv", **declared) -> LoadedFiles:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        pattern = declared.pop("pattern", name)
        columns = declared.pop("columns", None)
        return read_files(connection, FileSource("tickets", pattern, tmp_path, **declared), columns=columns)

    return loading


@pytest.fixture
def rows(connection):
    def reading(loaded: LoadedFiles) -> list[dict]:
        return connection.sql(f"from {quoted(loaded.relation)}").to_arrow_table().to_pylist()

    return reading


def places(loaded: LoadedFiles) -> list[tuple]:
    return [(row["line"], row["column"]) for row in loaded.rejects.to_pylist()]


def test_types_are_found_from_the_values(load, rows):
    loaded = load(
        "id,n,x,day,at,ok,word\n1,2,1.5,2024-01-31,2024-01-31 10:00,true,a\n2,3,2,2024-02-01,2024-02-01,false,\n"
    )
    assert dict(loaded.columns) == {
        "id": "BIGINT",
        "n": "BIGINT",
        "x": "DOUBLE",
        "day": "DATE",
        "at": "TIMESTAMP",
        "ok": "BOOLEAN",
        "word": "VARCHAR",
    }
    assert rows(loaded)[0] == {
        "id": 1,
        "n": 2,
        "x": 1.5,
        "day": date(2024, 1, 31),
        "at": datetime(2024, 1, 31, 10),
        "ok": True,
        "word": "a",
    }
    assert loaded.rows == 2


def test_leading_zeros_of_keys_survive(load, rows):
    loaded = load("account_id,n\n007,1\n08,2\n", text_columns=frozenset({"account_id"}))
    assert [row["account_id"] for row in rows(loaded)] == ["007", "08"]


def test_empty_cells_are_null_quoted_or_not(load, rows):
    assert rows(load('id,a,b\n1,,""\n2,x,y\n'))[0] == {"id": 1, "a": None, "b": None}


def test_nan_and_infinities_stay(load, rows):
    values = [row["x"] for row in rows(load("id,x\n1,NaN\n2,inf\n3,-inf\n4,1\n"))]
    assert math.isnan(values[0])
    assert values[1:] == [math.inf, -math.inf, 1]


def test_a_bad_number_names_its_physical_line_behind_quoted_newlines(load, rows):
    loaded = load('id,note,n\n1,"two\nlines",5\n2,x,abc\n3,y,7\n', types={"n": "number"})
    assert [row["id"] for row in rows(loaded)] == [1, 3]
    assert loaded.rejects.to_pylist() == [
        {"file": "tickets.csv", "line": 4, "column": "n", "reason": "'abc' is not a number", "text": "2,x,abc"}
    ]
    assert loaded.columns["n"] == "BIGINT"


@pytest.mark.parametrize("packed", [gzip.compress, lambda b: pa.compress(b, "zstd", asbytes=True)], ids=["gz", "zst"])
def test_lines_are_right_in_compressed_files(load, packed, request):
    name = f"tickets.csv.{request.node.callspec.id}"
    loaded = load(packed(b'id,d\n1,"2024-01-01"\n2,"x\ny"\n3,2024-02-30\n'), name, types={"d": "date"})
    assert places(loaded) == [(3, "d"), (5, "d")]
    assert loaded.rows == 1


def test_ragged_rows_and_broken_quotes_are_rejected_with_their_lines(load, rows):
    loaded = load('id,a\n1,2,3\n3\n5,"6\n6"\n7,"8"x\n9,10\n')
    assert [row["id"] for row in rows(loaded)] == [5, 9]
    assert [row["line"] for row in loaded.rejects.to_pylist()] == [2, 3, 6]
    assert "more cells than the header (2)" in loaded.rejects["reason"][0].as_py()
    assert loaded.rejects["text"][0].as_py() == "1,2,3"


def test_a_quote_after_a_space_still_names_its_line(load):
    loaded = load('id,n\n1, "2"\n3, "x"\n', types={"n": "number"})
    assert (loaded.rows, places(loaded)) == (1, [(3, "n")])


def test_empty_cells_at_the_end_of_a_row_are_forgiven(load, rows):
    loaded = load("id,n\n1,2,\n3,x,,\n", types={"n": "number"})
    assert rows(loaded) == [{"id": 1, "n": 2}]
    assert places(loaded) == [(3, "n")]


def test_a_column_that_is_not_declared_never_costs_a_row(load):
    loaded = load("id,version\n1,1.0\n2,1.1\n3,1.1.2\n")
    assert loaded.columns["version"] == "VARCHAR"
    assert (loaded.rows, loaded.rejects.num_rows) == (3, 0)


@pytest.mark.slow
def test_a_late_value_widens_a_guess_made_from_a_sample(load, rows, monkeypatch):
    monkeypatch.setattr("keepwell.lake.files.delimited._WHOLE_BELOW", 0)
    monkeypatch.setattr("keepwell.lake.files.delimited._SAMPLE", 2048)
    body = "".join(f"{i},{i},2024-01-01,2024-01-01 10:00\n" for i in range(20_000))
    loaded = load(f"id,n,d,at\n{body}x,1.5,2024-01-01 12:00,2024-01-01 10:00+02:00\n")
    assert dict(loaded.columns) == {"id": "VARCHAR", "n": "DOUBLE", "d": "TIMESTAMP", "at": "VARCHAR"}
    assert rows(loaded)[-1]["n"] == 1.5
    assert loaded.rows == 20_001


def test_numbers_stay_whole_only_where_all_are(load):
    assert load("n\n1\n2\n", types={"n": "number"}).columns["n"] == "BIGINT"
    assert load("n\n1\n2.5\nx\n", types={"n": "number"}).columns["n"] == "DOUBLE"
    assert load("n,m\n,1\n,2\n", types={"n": "number"}).columns["n"] == "DOUBLE"


def test_a_declared_format_reads_dates_and_rejects_the_rest(load, rows):
    loaded = load(
        "id,opened_at,day\n1,29/2/2016 01:16,1.3.2016\n2,2016-02-29 01:16,2.3.2016\n3,5/3/2016 23:59,\n",
        types={"opened_at": "%d/%m/%Y %H:%M", "day": "%d.%m.%Y"},
    )
    assert rows(loaded)[0] == {"id": 1, "opened_at": datetime(2016, 2, 29, 1, 16), "day": date(2016, 3, 1)}
    assert rows(loaded)[1]["day"] is None
    assert places(loaded) == [(3, "opened_at")]


def test_ambiguous_dates_are_not_guessed(load):
    loaded = load("id,d\n1,01/02/2024\n2,13/02/2024\n")
    assert loaded.columns["d"] == "VARCHAR"


def test_offsets_are_kept_and_mixing_them_with_none_is_a_rejected_row(load, rows):
    loaded = load(
        "id,at\n1,2024-01-01T10:00:00+02:00\n2,2024-01-01T10:00:00Z\n3,2024-01-01 10:00\n", types={"at": "time"}
    )
    assert [row["at"] for row in rows(loaded)] == [
        datetime(2024, 1, 1, 8, tzinfo=UTC),
        datetime(2024, 1, 1, 10, tzinfo=UTC),
    ]
    assert places(loaded) == [(4, "at")]


@pytest.mark.slow
@pytest.mark.parametrize("value", ["99999-01-01", "infinity", "2024-02-30", "0000-01-01", "44197", "2024-01-01 10:30"])
def test_dates_out_of_range_or_with_a_time_are_no_dates(load, value):
    loaded = load(f"id,d\n1,2024-01-01\n2,{value}\n", types={"d": "date"})
    assert places(loaded) == [(3, "d")]


def test_time_takes_dates_or_times_whichever_the_column_holds(load):
    assert load("t\n2024-01-01\nx\n2024-01-03\n", types={"t": "time"}).columns["t"] == "DATE"
    assert load("t\n2024-01-01\nx\n2024-01-03 10:00\n", types={"t": "time"}).columns["t"] == "TIMESTAMP"


def test_the_delimiter_is_found_in_the_header_or_declared(load, rows):
    assert rows(load('id;"a,b"\n1;2\n')) == [{"id": 1, "a,b": 2}]
    assert rows(load("id\ta\n1\t2\n", "t.tsv")) == [{"id": 1, "a": 2}]
    assert rows(load("id^a\n1^2\n", delimiter="^")) == [{"id": 1, "a": 2}]


def test_other_encodings_byte_order_marks_and_mixed_line_ends(load, rows):
    assert rows(load("id,name\n1,Café\n".encode("cp1252"), encoding="cp1252")) == [{"id": 1, "name": "Café"}]
    assert rows(load("id,name\n1,Café\n".encode("utf-16"), encoding="utf-16")) == [{"id": 1, "name": "Café"}]
    assert rows(load(b"\xef\xbb\xbfid,name\r\n1,x\r\n")) == [{"id": 1, "name": "x"}]
    mixed = load(b"id,n\r\n1,2\r\n3,4\n5,x\r\n7,8\n", types={"n": "number"})
    assert [row["id"] for row in rows(mixed)] == [1, 3, 7]
    assert places(mixed) == [(4, "n")]


def test_files_of_a_glob_join_by_column_name(load, rows, tmp_path):
    (tmp_path / "b.csv").write_text("x,id\n1.5,2\n")
    loaded = load("id,x,only_here\n1,1,z\n", "a.csv", pattern="*.csv")
    assert [(row["id"], row["x"], row["only_here"]) for row in rows(loaded)] == [(1, 1.0, "z"), (2, 1.5, None)]
    assert [path.name for path in loaded.files] == ["a.csv", "b.csv"]


def test_rejects_name_the_file_they_stand_in(load, tmp_path):
    (tmp_path / "b.csv").write_text("n,id\nx,2\n3,3\n")
    loaded = load("id,n\n1,1\n", "a.csv", pattern="*.csv", types={"n": "number"})
    assert describe_rejects(loaded.rejects) == ["b.csv line 2: n: 'x' is not a number"]


def test_only_the_columns_asked_for_are_kept_and_judged(load):
    loaded = load("id,n,m\n1,x,2\n", types={"n": "number"}, required=frozenset({"id"}), columns=frozenset({"m"}))
    assert list(loaded.columns) == ["id", "m"]
    assert loaded.rejects.num_rows == 0


def test_columns_of_nothing_are_named(load):
    assert load("id,a,b\n1,,x\n2,,y\n").empty_columns == {"a"}


def test_a_header_alone_is_an_empty_dataset(load):
    loaded = load("id,n\n", types={"n": "number"})
    assert (loaded.rows, loaded.columns["n"]) == (0, "DOUBLE")


def test_blank_lines_on_top_and_names_left_out(load, rows):
    loaded = load("\n\n,id\n0,1\n1,x\n", types={"id": "number"})
    assert rows(loaded) == [{"column_1": 0, "id": 1}]
    assert places(loaded) == [(5, "id")]


def test_rejects_are_written_aside_and_said_in_sentences(load, tmp_path):
    loaded = load("id,n\n1,1\n" + "".join(f"{i},x\n" for i in range(8)), types={"n": "number"})
    write_rejects(tmp_path / "out" / "rejected.csv", loaded.rejects)
    lines = (tmp_path / "out" / "rejected.csv").read_text().splitlines()
    assert lines[0] == '"file","line","column","reason","text"'
    assert lines[1] == '"tickets.csv",3,"n","\'x\' is not a number","0,x"'
    assert describe_rejects(loaded.rejects, limit=2)[1:] == [
        "tickets.csv line 4: n: 'x' is not a number",
        "and 6 more rejected rows",
    ]


def test_why_a_column_is_text_is_told_without_touching_what_is_loaded(connection, load, tmp_path: Path):
    loaded = load("id,seats\n1,5\n2,many\n")
    assert misfits(connection, FileSource("tickets", "tickets.csv", tmp_path), "seats", "number") == [
        "tickets.csv line 3: seats: 'many' is not a number"
    ]
    assert connection.execute(f"select count(*) from {loaded.relation}").fetchall() == [(2,)]


@pytest.mark.slow
def test_many_rows_keep_their_lines_over_parallel_blocks(load):
    body = "".join(f'{i},"a\nb",{"bad" if i % 50_000 == 49_999 else i}\n' for i in range(200_000))
    loaded = load("id,note,n\n" + body + "1,2\n", types={"n": "number"})
    assert [row["line"] for row in loaded.rejects.to_pylist()] == [100_000, 200_000, 300_000, 400_000, 400_002]
    assert loaded.rows == 199_996
