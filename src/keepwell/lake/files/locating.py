"""Finding the lines of a text file that hold values which do not fit: exact with quoted newlines and compression."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from keepwell.lake.files.rejects import Reject, misfit_reason
from keepwell.lake.files.text import open_bytes, open_text

Misfits = Mapping[str, tuple[str, Set[str]]]
"""Column -> its kind and the values of it that do not fit."""


def csv_misfits(path: Path, shown: str, delimiter: str, header: tuple[str, ...], misfits: Misfits) -> list[Reject]:
    """One Reject for each row that holds a value of `misfits`; the first such column names the reason."""
    wanted = [(header.index(column), column, kind, values) for column, (kind, values) in misfits.items()]
    found = []
    for line, row, text in csv_rows(path, delimiter):
        if len(row) < len(header) or any(row[len(header) :]):
            continue  # a ragged row, which the reader rejected; it does forgive empty cells at the end
        cells = ((column, kind, _as_read(row[at]), values) for at, column, kind, values in wanted)
        hit = next(((column, kind, cell) for column, kind, cell, values in cells if cell in values), None)
        if hit:
            found.append(Reject(shown, line, hit[0], misfit_reason(hit[2], hit[1]), text))
    return found


def _as_read(cell: str) -> str:
    """A cell as DuckDB reads it: a quote may follow white space."""
    bare = cell.strip()
    return bare[1:-1].replace('""', '"') if len(bare) > 1 and bare[0] == bare[-1] == '"' else cell


def csv_rows(path: Path, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Records below the header as (first line, cells, text); blank lines are passed over."""
    with open_text(path) as stream:
        kept: list[str] = []
        reader = csv.reader(_kept(stream, kept), delimiter=delimiter)
        headed = False
        for row in reader:
            first, text = reader.line_num - len(kept) + 1, "".join(kept).rstrip("\r\n")
            kept.clear()
            if row and headed:
                yield first, row, text
            headed = headed or bool(row)


def _kept(lines: Iterator[str], kept: list[str]) -> Iterator[str]:
    for line in lines:
        kept.append(line)
        yield line


def json_misfits(path: Path, shown: str, misfits: Misfits) -> list[Reject]:
    """The same for JSON Lines."""
    found = []
    for line, record, text in json_rows(path):
        if not isinstance(record, dict):
            continue
        for column, (kind, values) in misfits.items():
            value = record.get(column)
            written = value if isinstance(value, str) else json.dumps(value)
            if written in values:
                found.append(Reject(shown, line, column, misfit_reason(written, kind), text))
                break
    return found


def json_rows(path: Path) -> Iterator[tuple[int, object, str]]:
    """Lines that are not blank, parsed; a line that is not JSON comes as None."""
    with open_text(path) as stream:
        for number, text in enumerate(stream, start=1):
            if text.strip():
                try:
                    record = json.loads(text)
                except (ValueError, RecursionError):
                    record = None
                yield number, record, text.rstrip("\r\n")


def lines_at(path: Path, offsets: Set[int]) -> dict[int, int]:
    """Byte offset -> line (from 1) in the decompressed file."""
    lines, line, at = {}, 1, 0
    waiting = sorted(offsets)
    with open_bytes(path) as stream:
        while waiting and (chunk := stream.read(1 << 20)):
            start = 0
            while waiting and waiting[0] < at + len(chunk):
                offset = waiting.pop(0)
                line += chunk.count(b"\n", start, offset - at)
                start = offset - at
                lines[offset] = line
            line += chunk.count(b"\n", start)
            at += len(chunk)
    return lines | dict.fromkeys(waiting, line)
