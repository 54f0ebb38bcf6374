"""CSV files: read by DuckDB in parallel as text, typed on the way by our own conversions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import duckdb

from keepwell.errors import DataRefused
from keepwell.lake.files.conversion import SNIFFED
from keepwell.lake.files.layout import CsvLayout, header_problems, read_layout
from keepwell.lake.files.locating import Misfits, csv_misfits, lines_at
from keepwell.lake.files.rejects import Reject
from keepwell.lake.files.source import FileSource
from keepwell.lake.files.text import as_utf8, encoding_problems, open_text
from keepwell.lake.statements import literal, quoted, rows

_WHOLE_BELOW = 64 << 20
_SAMPLE = 500_000
_WORDS = {"TOO MANY COLUMNS": "more cells than the header", "MISSING COLUMNS": "fewer cells than the header"}


class DelimitedFiles:
    """The CSV files of one source, as a text relation with the union of their columns."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, source: FileSource, paths: Sequence[Path], workspace: Path
    ) -> None:
        self._connection = connection
        self._source = source
        self._layouts = [read_layout(source, as_utf8(source, path, workspace), path) for path in paths]
        self._workspace = workspace
        problems = [
            problem
            for layout in self._layouts
            for problem in header_problems(source, source.shown(layout.original), layout.header)
        ]
        if problems:
            raise DataRefused(*problems)

    @property
    def columns(self) -> dict[str, str]:
        """Every column of any of the files, all text."""
        return {name: "VARCHAR" for layout in self._layouts for name in layout.header}

    def sniff(self) -> dict[str, str]:
        """The type each column seems to hold, from a large sample (all of a file below 64 MB); none where unsure."""
        seen: dict[str, set[str]] = {}
        for layout in self._layouts:
            types = self._sniff_one(layout)
            for name in layout.header:
                seen.setdefault(name, set()).add(types.get(name, ""))
        return {name: _widest(kinds) for name, kinds in seen.items() if "" not in kinds}

    def staging(self) -> str:
        """SQL of the relation. Reading it keeps ragged rows out and notes them for `structural_rejects`."""
        key = lambda layout: (layout.header, layout.delimiter, layout.skip)  # noqa: E731
        groups = [list(group) for _, group in groupby(self._layouts, key=key)]
        return "(" + " union all by name ".join(f"select * from {self._read(group)}" for group in groups) + ")"

    def normalise(self) -> None:
        """Reads from now on copies with one kind of line end: DuckDB's strict reader gives up on mixed ones."""
        self._layouts = [self._normalised(layout) for layout in self._layouts]

    def structural_rejects(self) -> list[Reject]:
        """Ragged rows and broken quotes of the last read. Raises DataRefused where the encoding is wrong."""
        noted = self._noted()
        undecodable = {file for file, _, kind, _ in noted if "ENCODING" in kind}
        if undecodable:
            raise DataRefused(*self.encoding_problems(undecodable))
        rejects = []
        for file, group in groupby(noted, key=lambda row: row[0]):
            layout = next(one for one in self._layouts if str(one.path) == file)
            notes = list(group)
            lines = lines_at(layout.path, {offset for _, offset, _, _ in notes})
            rejects += [self._reject(layout, lines[offset], kind, text) for _, offset, kind, text in notes]
        return rejects

    def misfits(self, misfits: Misfits) -> list[Reject]:
        """The rows that hold the given values."""
        found = []
        for layout in self._layouts:
            here = {column: wanted for column, wanted in misfits.items() if column in layout.header}
            name = self._source.shown(layout.original)
            found += csv_misfits(layout.path, name, layout.delimiter, layout.header, here)
        return found

    def encoding_problems(self, files: set[str] | None = None) -> list[str]:
        """Sentences on bytes that are not of the declared encoding."""
        chosen = [layout.original for layout in self._layouts if files is None or str(layout.path) in files]
        return [problem for path in chosen for problem in encoding_problems(self._source, path)]

    def _sniff_one(self, layout: CsvLayout) -> dict[str, str]:
        size = -1 if layout.original.stat().st_size < _WHOLE_BELOW else _SAMPLE
        candidates = ", ".join(literal(name) for name in SNIFFED)
        found = rows(
            self._connection,
            f"select columns, dateformat, timestampformat from sniff_csv({literal(str(layout.path))}, "
            f"{self._options(layout)}, auto_type_candidates=[{candidates}], sample_size={size}, ignore_errors=true)",
        )
        columns, date_format, time_format = found[0]
        if len(columns) != len(layout.header):
            return {}
        guessed = [form for form in (date_format, time_format) if form and not form.startswith("%Y-%m-%d")]
        unsure = {"DATE", "TIMESTAMP"} if guessed else set()  # 1/2/2024 is not ours to guess
        types = zip(layout.header, (column["type"] for column in columns), strict=True)
        return {name: kind for name, kind in types if kind not in unsure}

    def _normalised(self, layout: CsvLayout) -> CsvLayout:
        copy = self._workspace / f"{len(list(self._workspace.iterdir()))}-normalised.csv"
        with open_text(layout.path) as stream, copy.open("w", encoding="utf-8", newline="") as out:
            out.writelines(line.removesuffix("\r\n") + "\n" if line.endswith("\r\n") else line for line in stream)
        return replace(layout, path=copy)

    def _read(self, layouts: Sequence[CsvLayout]) -> str:
        files = ", ".join(literal(str(layout.path)) for layout in layouts)
        columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in layouts[0].header)
        return (
            f"read_csv([{files}], auto_detect=false, {self._options(layouts[0])}, columns={{{columns}}}, "
            f"store_rejects=true)"
        )

    def _options(self, layout: CsvLayout) -> str:
        nulls = ", ".join(literal(text) for text in ("", *self._source.nulls))
        return (
            f"delim={literal(layout.delimiter)}, quote='\"', escape='\"', header=true, skip={layout.skip}, "
            f"comment='', strict_mode=true, nullstr=[{nulls}]"
        )

    def _noted(self) -> list[tuple[str, int, str, str]]:
        """(file, byte offset, kind of error, text), one a row, and forgets them."""
        try:
            noted = rows(
                self._connection,
                "select file_path, line_byte_position - 1, min(error_type), min(csv_line) "
                "from reject_errors join reject_scans using (scan_id, file_id) group by 1, 2 order by 1, 2",
            )
        except duckdb.CatalogException:
            return []
        self.forget()
        return [(row[0], row[1], row[2], row[3]) for row in noted]

    def forget(self) -> None:
        """Drops DuckDB's notes of earlier reads."""
        for name in ("reject_errors", "reject_scans"):
            self._connection.execute(f"drop table if exists {quoted(name)}")

    def _reject(self, layout: CsvLayout, line: int, kind: str, text: str | None) -> Reject:
        reason = f"the row has {_WORDS[kind]} ({len(layout.header)})" if kind in _WORDS else _broken(kind)
        return Reject(self._source.shown(layout.original), line, None, reason, (text or "").rstrip("\r\n"))


def _broken(kind: str) -> str:
    return "a quote is opened and not closed, or text follows it" if "QUOTE" in kind else f"unreadable ({kind.lower()})"


_WIDER: Mapping[frozenset[str], str] = {
    frozenset({"BIGINT", "DOUBLE"}): "DOUBLE",
    frozenset({"DATE", "TIMESTAMP"}): "TIMESTAMP",
}


def _widest(kinds: set[str]) -> str:
    return next(iter(kinds)) if len(kinds) == 1 else _WIDER.get(frozenset(kinds), "VARCHAR")
