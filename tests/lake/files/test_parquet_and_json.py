"""Parquet stays where it is; JSON Lines is read line by line."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keepwell.errors import DataRefused
from keepwell.lake.files import FileSource, describe_rejects, read_files


def everything(connection) -> list[dict]:
    return connection.sql("from events").to_arrow_table().to_pylist()


def test_parquet_is_a_view_over_all_files_by_column_name(connection, tmp_path):
    pq.write_table(pa.table({"id": [1], "day": [date(2024, 1, 1)]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"n": [7], "id": [2]}), tmp_path / "2.parquet")
    loaded = read_files(connection, FileSource("events", "*.parquet", tmp_path))
    assert loaded.rows == 2
    assert everything(connection)[1] == {"id": 2, "day": None, "n": 7}
    assert connection.execute("select count(*) from duckdb_tables()").fetchall() == [(0,)]


def test_parquet_keys_become_text_and_text_numbers_are_checked(connection, tmp_path):
    pq.write_table(pa.table({"id": [7, 8], "n": ["1.5", "x"]}), tmp_path / "1.parquet")
    source = FileSource("events", "1.parquet", tmp_path, types={"n": "number"}, text_columns=frozenset({"id"}))
    loaded = read_files(connection, source)
    assert everything(connection) == [{"id": "7", "n": 1.5}]
    assert describe_rejects(loaded.rejects) == ["1.parquet line 2: n: 'x' is not a number"]


def test_loading_again_replaces_what_was_there_whatever_it_was(connection, tmp_path):
    pq.write_table(pa.table({"id": [1]}), tmp_path / "1.parquet")
    (tmp_path / "1.csv").write_text("id\n1\n2\n")
    for pattern, rows in (("1.csv", 2), ("1.parquet", 1), ("1.csv", 2)):
        assert read_files(connection, FileSource("events", pattern, tmp_path)).rows == rows
        assert len(everything(connection)) == rows


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.jsonl.gz"])
def test_json_lines(connection, tmp_path, name):
    text = '{"id": "007", "n": 1, "day": "2024-01-02"}\n\n{"id": 8, "n": 2.5, "more": {"a": 1}}\n'
    (tmp_path / name).write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    loaded = read_files(connection, FileSource("events", name, tmp_path, text_columns=frozenset({"id"})))
    assert loaded.rows == 2
    assert everything(connection)[0] == {"id": "007", "n": 1.0, "day": date(2024, 1, 2), "more": None}


def test_bad_json_lines_are_rejected_with_their_lines(connection, tmp_path):
    lines = ['{"id": 1, "n": "5"}', "", '{"id": 2', "[1]", '{"id": 3, "n": "x"}', '{"id": 4, "n": 7}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    loaded = read_files(connection, FileSource("events", "a.jsonl", tmp_path, types={"n": "number"}))
    assert [row["n"] for row in everything(connection)] == [5, 7]
    assert describe_rejects(loaded.rejects) == [
        "a.jsonl line 3: the line is not a JSON object",
        "a.jsonl line 4: the line is not a JSON object",
        "a.jsonl line 5: n: 'x' is not a number",
    ]


def test_one_json_array_is_read_too(connection, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps([{"id": 1}, {"id": 2}], indent=1))
    assert read_files(connection, FileSource("events", "a.json", tmp_path)).rows == 2


def test_json_without_an_object_or_a_column_is_refused(connection, tmp_path):
    (tmp_path / "a.jsonl").write_text("nothing here\n")
    (tmp_path / "b.jsonl").write_text('{"ident": 1}\n')
    with pytest.raises(DataRefused, match="no line is a JSON object"):
        read_files(connection, FileSource("events", "a.jsonl", tmp_path))
    with pytest.raises(DataRefused, match="no column 'identity'; did you mean 'ident'"):
        read_files(connection, FileSource("events", "b.jsonl", tmp_path, required=frozenset({"identity"})))


def test_json_in_another_encoding_is_refused_with_its_place(connection, tmp_path):
    (tmp_path / "a.jsonl").write_bytes('{"name": "Zoë"}\n'.encode("latin-1"))
    with pytest.raises(DataRefused, match=r"a\.jsonl line 1: the byte at offset 12 is not utf-8"):
        read_files(connection, FileSource("events", "a.jsonl", tmp_path))
