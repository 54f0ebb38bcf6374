"""Any CSV file: what was written is read, and rejected rows stand at the lines where they were written."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.errors import DataRefused
from keepwell.lake.files import FileSource, read_files
from keepwell.lake.statements import open_duckdb
from tests.examples_tried import at_most

words = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00", exclude_categories=("Cs",)), max_size=8)
numbers = st.integers(-(2**53), 2**53).map(str) | st.floats(allow_nan=False, allow_infinity=False).map(repr)
rows = st.lists(st.tuples(words, numbers | st.just("bad"), words), min_size=1, max_size=12)


def written(cells: list[tuple[str, str, str]]) -> tuple[str, list[int]]:
    """The file, and the physical line each row starts on."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["word", "n", "more"])
    lines = []
    for row in cells:
        lines.append(out.getvalue().count("\n") + 1)
        writer.writerow(row)
    return out.getvalue(), lines


@pytest.mark.slow
@at_most(60)
@given(rows)
def test_rows_come_back_and_bad_ones_are_named_by_line(cells):
    content, lines = written(cells)
    with tempfile.TemporaryDirectory() as folder, open_duckdb(threads=1) as connection:
        (Path(folder) / "f.csv").write_bytes(content.encode())
        source = FileSource("f", "f.csv", Path(folder), types={"n": "number"}, text_columns=frozenset({"word", "more"}))
        good = [(word or None, float(n), more or None) for word, n, more in cells if n != "bad"]
        bad = [line for line, row in zip(lines, cells, strict=True) if row[1] == "bad"]
        try:
            loaded = read_files(connection, source)
        except DataRefused:
            assert not good
            return
        found = connection.sql("from f").to_arrow_table().to_pylist()
        assert [(row["word"], float(row["n"]), row["more"]) for row in found] == good
        assert loaded.rejects["line"].to_pylist() == bad


@pytest.mark.slow
@at_most(50)
@given(st.binary(max_size=200), st.sampled_from([".csv", ".jsonl", ".parquet", ".csv.gz"]))
def test_rubbish_is_read_or_refused_and_nothing_else(content, ending):
    with tempfile.TemporaryDirectory() as folder, open_duckdb(threads=1) as connection:
        (Path(folder) / f"f{ending}").write_bytes(content)
        source = FileSource("f", f"f{ending}", Path(folder), types={"n": "number"}, required=frozenset({"n"}))
        try:
            loaded = read_files(connection, source)
        except DataRefused:
            return
        assert "n" in loaded.columns


@pytest.mark.slow
@at_most(50)
@given(st.text('ab,;"\n\r\t 1.x', max_size=60))
def test_odd_quotes_and_line_ends_below_a_header_are_read_or_refused(body):
    with tempfile.TemporaryDirectory() as folder, open_duckdb(threads=1) as connection:
        (Path(folder) / "f.csv").write_bytes(b"a,n\n1,2\n" + body.encode())
        source = FileSource("f", "f.csv", Path(folder), types={"n": "number"}, required=frozenset({"n"}))
        try:
            loaded = read_files(connection, source)
        except DataRefused:
            return
        for row in loaded.rejects.to_pylist():
            assert row["line"] or "lines are not known" in row["reason"]  # rare, where quotes are odd; still counted
