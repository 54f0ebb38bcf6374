"""Files that cannot be used as a whole: every reason is said, with its place and the next step."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keepwell.errors import DataRefused
from keepwell.lake.files import FileSource, read_files


@pytest.fixture
def refusal(connection, tmp_path):
    def refusing(pattern: str, **declared) -> list[str]:
        with pytest.raises(DataRefused) as caught:
            read_files(connection, FileSource("tickets", pattern, tmp_path, **declared))
        return [str(problem) for problem in caught.value.problems]

    return refusing


def write(folder: Path, name: str, content: str | bytes) -> None:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def test_no_file_names_the_folder_and_the_nearest_one(refusal, tmp_path):
    write(tmp_path, "tickets.csv", "id\n1\n")
    (said,) = refusal("tickest.csv")
    assert str(tmp_path) in said
    assert "did you mean 'tickets.csv'?" in said
    assert "no file 'usage/*.parquet'" in refusal("usage/*.parquet")[0]


@pytest.mark.parametrize("pattern", ["../secret.csv", "/etc/passwd", "a/../../b.csv", " "])
def test_paths_out_of_the_data_folder_are_refused(refusal, pattern):
    assert "below the data folder" in refusal(pattern)[0]


def test_a_link_out_of_the_data_folder_is_refused(refusal, tmp_path, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.csv"
    outside.write_text("id\n1\n")
    (tmp_path / "linked.csv").symlink_to(outside)
    assert "outside" in refusal("linked.csv")[0]


def test_a_folder_is_no_file(refusal, tmp_path):
    (tmp_path / "logins").mkdir()
    assert "'logins/*.csv'" in refusal("logins")[0]


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_empty_files(refusal, tmp_path, content):
    write(tmp_path, "a.csv", content)
    write(tmp_path, "b.csv", b"")
    assert [said.split(":")[0] for said in refusal("*.csv")] == ["a.csv", "b.csv"]
    assert "the file is empty" in refusal("a.csv")[0]


def test_a_file_without_a_header(refusal, tmp_path):
    write(tmp_path, "a.csv", "A-1,2024-01-05,12\nA-2,2024-01-06,13\n")
    (said,) = refusal("a.csv", required=frozenset({"account_id", "day"}))
    assert "the first line looks like data" in said
    assert "A-1, 2024-01-05, 12" in said


def test_missing_columns_are_all_named_with_the_nearest(refusal, tmp_path):
    write(tmp_path, "a.csv", "acount_id,opened\nx,y\n")
    first, second = refusal("a.csv", required=frozenset({"account_id", "closed_at"}))
    assert "no column 'account_id'; did you mean 'acount_id'?" in first
    assert "no column 'closed_at'. Columns there: acount_id, opened" in second


def test_one_name_for_two_columns(refusal, tmp_path):
    write(tmp_path, "a.csv", "id,Email,email\n1,2,3\n")
    assert all("appears twice" in said for said in refusal("a.csv"))


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gz"])
def test_mixed_encodings_name_line_and_byte(refusal, tmp_path, packed):
    name = "a.csv.gz" if packed is gzip.compress else "a.csv"
    write(tmp_path, name, packed("id,name\n1,Zoë\n".encode() + "2,Zoë\n".encode("latin-1")))
    (said,) = refusal(name)
    assert f"{name} line 3: the byte at offset 19 is not utf-8" in said
    assert "`encoding`" in said


@pytest.mark.slow
def test_a_late_foreign_byte_is_found(refusal, tmp_path):
    write(tmp_path, "a.csv", b"id,name\n" + b"1,x\n" * 400_000 + b"2,\xe9\n")
    assert "line 400002: the byte at offset 1600010" in refusal("a.csv")[0]


def test_an_encoding_nobody_knows(refusal, tmp_path):
    write(tmp_path, "a.csv", "id\n1\n")
    assert "encoding 'klingon' is not known" in refusal("a.csv", encoding="klingon")[0]


def test_a_broken_archive(refusal, tmp_path):
    write(tmp_path, "a.csv.gz", gzip.compress(b"id\n1\n" * 1000)[:-20])
    write(tmp_path, "b.csv.gz", b"id\n1\n")
    assert all("cannot be read" in said for said in refusal("*.csv.gz"))


def test_broken_parquet_files_are_all_named(refusal, tmp_path):
    pq.write_table(pa.table({"id": [1]}), tmp_path / "good.parquet")
    write(tmp_path, "bad.parquet", b"PAR1 nothing PAR1")
    write(tmp_path, "text.parquet", b"id\n1\n")
    said = refusal("*.parquet")
    assert [one.split(":")[0] for one in said] == ["bad.parquet", "text.parquet"]
    assert all("not a readable Parquet file" in one for one in said)


def test_a_format_that_cannot_be_told(refusal, tmp_path):
    write(tmp_path, "a.xlsx", b"PK")
    write(tmp_path, "b.csv", "id\n1\n")
    assert "the format of a.xlsx cannot be told" in refusal("a.xlsx")[0]
    assert "share one of" in refusal("*")[0]


def test_a_type_that_is_none(refusal, tmp_path):
    write(tmp_path, "a.csv", "id\n1\n")
    said = refusal("a.csv", types={"id": "integer", "x": "%Q"})
    assert len(said) == 2
    assert "'integer' is neither one of boolean, date, number" in said[0]


def test_when_no_row_fits_nothing_is_loaded(refusal, tmp_path):
    write(tmp_path, "a.csv", "id,n\n1,x\n2,y\n")
    first, second, _ = refusal("a.csv", types={"n": "number"})
    assert "not one row can be used" in first
    assert second == "a.csv line 2: n: 'x' is not a number"


def test_binary_rubbish_is_refused(refusal, tmp_path):
    write(tmp_path, "a.csv", bytes(range(256)) * 50)
    assert refusal("a.csv", required=frozenset({"id"}))
