"""How a CSV file is laid out: its delimiter and its header, read by us so that no guess depends on the rows."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from keepwell.lake.files.source import FileSource
from keepwell.lake.files.text import open_text

DELIMITERS = ",;\t|"
_HEADER_CHARACTERS = 1 << 20
csv.field_size_limit(1 << 28)  # the default of 128 kB refuses long free text


@dataclass(frozen=True)
class CsvLayout:
    """One CSV file: `path` is UTF-8 (perhaps a transcoded copy of `original`); `skip` counts blank lines on top."""

    path: Path
    original: Path
    delimiter: str
    header: tuple[str, ...]
    skip: int


def read_layout(source: FileSource, path: Path, original: Path) -> CsvLayout:
    """Reads the header. The delimiter is the declared one, else the one that occurs most in the header line."""
    with open_text(path) as stream:
        lines = itertools.chain.from_iterable(iter(lambda: stream.readline(_HEADER_CHARACTERS).splitlines(True), []))
        blank, first = 0, ""
        for first in lines:
            if first.strip("\r\n \t\x00"):
                break
            blank += 1
        delimiter = source.delimiter or _delimiter(first)
        header = next(csv.reader(itertools.chain([first], lines), delimiter=delimiter), [])
    names = tuple(name.strip() or f"column_{at}" for at, name in enumerate(header, start=1))
    return CsvLayout(path, original, delimiter, names, blank)


def header_problems(source: FileSource, file: str, header: Sequence[str]) -> list[str]:
    """What is wrong with the names of a file's columns, as sentences; none where all is well."""
    lowered = [name.lower() for name in header]
    twice = sorted({name for name in header if lowered.count(name.lower()) > 1})
    problems = [f"{file}: column '{name}' appears twice in the header (case does not count)" for name in twice[:3]]
    missing = sorted(source.required - set(header))
    if missing and any(_looks_like_data(name) for name in header):
        needed = _listed(sorted(source.required))
        seen = f"{file}: the first line looks like data, not like column names: {_listed(header)}"
        return [f"{seen}; put a header line on top with {needed}"]
    return problems + [f"{file}: {missing_column(name, header)}" for name in missing]


def missing_column(name: str, there: Sequence[str]) -> str:
    """The sentence for a column that is not there."""
    near = get_close_matches(name, there, n=1) or [other for other in there if other.lower() == name.lower()]
    hint = f"; did you mean '{near[0]}'?" if near else "."
    return f"no column '{name}'{hint} Columns there: {_listed(there)}"


def _listed(names: Sequence[str], limit: int = 30) -> str:
    shown = ", ".join(name if len(name) <= 40 else name[:39] + "…" for name in names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown


def _delimiter(line: str) -> str:
    unquoted = "".join(part for at, part in enumerate(line.split('"')) if at % 2 == 0)
    return max(DELIMITERS, key=unquoted.count)


def _looks_like_data(name: str) -> bool:
    """Numbers and dates: what nobody calls a column. A pandas index ('column_1' here) is not one."""
    return bool(name) and name.strip("+-")[:1].isdigit() and all(part in "0123456789.-/: TZ+eE" for part in name)
