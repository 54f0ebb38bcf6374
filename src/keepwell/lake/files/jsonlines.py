"""JSON Lines (and a file that is one JSON array): read by DuckDB; a line that is no object becomes a rejected row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from keepwell.errors import DataRefused
from keepwell.lake.files.layout import header_problems
from keepwell.lake.files.locating import Misfits, json_misfits, json_rows
from keepwell.lake.files.rejects import Reject
from keepwell.lake.files.source import FileSource
from keepwell.lake.files.text import as_utf8, encoding_problems, open_text
from keepwell.lake.statements import literal, rows

_REASON = "the line is not a JSON object"


class JsonFiles:
    """The JSON files of one source; declared columns come as text, the others with the type DuckDB finds."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, source: FileSource, paths: Sequence[Path], workspace: Path
    ) -> None:
        self._connection = connection
        self._source = source
        self._workspace = workspace
        problems = [problem for path in paths for problem in encoding_problems(source, path)]
        if problems:
            raise DataRefused(*problems)
        self._files = [(path, as_utf8(source, path, workspace)) for path in paths]
        self._rejects: list[Reject] = []
        self._found = self._describe()
        self._check()

    @property
    def columns(self) -> dict[str, str]:
        """Every column with the type it is read as."""
        return {
            name: "VARCHAR" if self._source.kind(name) or native == "JSON" else native
            for name, native in self._found.items()
        }

    def sniff(self) -> dict[str, str]:
        """The types DuckDB finds over the whole files."""
        return self._found

    def staging(self) -> str:
        """SQL of the relation."""
        columns = ", ".join(f"{literal(name)}: {literal(native)}" for name, native in self.columns.items())
        return f"(select * from read_json([{self._names()}], {self._options()}, columns={{{columns}}}))"

    def structural_rejects(self) -> list[Reject]:
        """Lines that are not JSON objects."""
        return self._rejects

    def misfits(self, misfits: Misfits) -> list[Reject]:
        """The rows that hold the given values."""
        return [row for path, read in self._files for row in json_misfits(read, self._source.shown(path), misfits)]

    def _describe(self) -> dict[str, str]:
        try:
            return self._describe_once()
        except duckdb.Error:
            self._files = [(path, self._cleaned(path, read)) for path, read in self._files]
            return self._describe_once()

    def _describe_once(self) -> dict[str, str]:
        sql = f"describe select * from read_json([{self._names()}], {self._options()}, sample_size=-1)"
        found = rows(self._connection, sql)
        return {row[0]: "VARCHAR" if row[1].strip('"') == "NULL" else row[1] for row in found}

    def _check(self) -> None:
        files = ", ".join(self._source.shown(path) for path, _ in self._files)
        problems = header_problems(self._source, files, list(self._found))
        if problems:
            raise DataRefused(*problems)

    def _cleaned(self, path: Path, read: Path) -> Path:
        """A copy with the objects alone, each on its line; the other lines are noted as rejected."""
        shown = self._source.shown(path)
        copy = self._workspace / f"objects-{len(list(self._workspace.iterdir()))}.jsonl"
        at, objects = 0, 0
        with copy.open("w", encoding="utf-8") as out:
            for line, record, text in json_rows(read):
                if isinstance(record, dict):
                    out.write("\n" * (line - at - 1) + text + "\n")
                    at, objects = line, objects + 1
                else:
                    self._rejects.append(Reject(shown, line, None, _REASON, text))
        if not objects:
            raise DataRefused(f"{shown}: no line is a JSON object; JSON Lines has one {{...}} a line")
        return copy

    def _names(self) -> str:
        return ", ".join(literal(str(read)) for _, read in self._files)

    def _options(self) -> str:
        return f"format={literal(self._layout())}, records='true', union_by_name=true, maximum_object_size=67108864"

    def _layout(self) -> str:
        with open_text(self._files[0][1]) as stream:
            start = next((line.lstrip() for line in stream if line.strip()), "")
        return "array" if start.startswith("[") and not self._rejects else "newline_delimited"
