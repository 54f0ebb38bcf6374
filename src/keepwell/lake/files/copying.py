"""Text files copied into a typed temporary table, rows that do not fit set aside."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from keepwell.errors import DataRefused
from keepwell.lake.files.conversion import (
    Conversion,
    as_it_stands,
    fallback,
    fits_kind,
    format_target,
    from_text,
    profile,
)
from keepwell.lake.files.delimited import DelimitedFiles
from keepwell.lake.files.jsonlines import JsonFiles
from keepwell.lake.files.loaded import LoadedFiles
from keepwell.lake.files.rejects import Reject, describe_rejects, rejects_table
from keepwell.lake.files.source import KINDS, FileSource
from keepwell.lake.statements import only, quoted, rows

_MISFIT = "__misfit"


def copy_files(
    connection: duckdb.DuckDBPyConnection,
    source: FileSource,
    paths: Sequence[Path],
    name: str,
    wanted: frozenset[str] | None,
    *,
    csv: bool,
) -> LoadedFiles:
    """CSV or JSON files as the temporary table `name`; `wanted` limits its columns."""
    try:
        with tempfile.TemporaryDirectory(prefix="keepwell-") as workspace:
            reader = (DelimitedFiles if csv else JsonFiles)(connection, source, paths, Path(workspace))
            return _TextLoad(connection, source, reader, wanted).load(name, paths)
    except duckdb.Error as error:
        raise DataRefused(f"dataset '{source.dataset}': {str(error).strip().splitlines()[0][:300]}") from None


class _TextLoad:
    """One load of text files: guess types from the sniffer, read, and where a guess was wrong look at every value."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        source: FileSource,
        reader: DelimitedFiles | JsonFiles,
        wanted: frozenset[str] | None,
    ) -> None:
        self._connection = connection
        self._source = source
        self._reader = reader
        self._columns = {k: v for k, v in reader.columns.items() if wanted is None or k in wanted}
        self._mended = False
        self._sniffed = self._sniff()
        self._exact: dict[str, str] = {}
        self._look_closer([name for name in self._columns if self._is_unsure(name)])

    def load(self, name: str, paths: Sequence[Path]) -> LoadedFiles:
        conversions = self._read_or_mend(name)
        bad = self._bad_columns(name, conversions)
        if wrong := [c.column for c in bad if c.column not in self._exact]:
            self._look_closer(wrong)
            conversions = self._read(name)
            bad = self._bad_columns(name, conversions)
        rejects = self._structural() + self._located(name, bad)
        accepted = self._clean(name)
        self._refuse_if_nothing_is_left(accepted, rejects)
        return LoadedFiles(
            dataset=self._source.dataset,
            relation=name,
            columns={c.column: c.type for c in conversions},
            rows=accepted,
            rejects=rejects_table(rejects),
            files=tuple(paths),
            empty_columns=self._empty(name, conversions),
        )

    def _sniff(self) -> dict[str, str]:
        try:
            return self._reader.sniff()
        except duckdb.Error:
            self._mend()
        try:
            return self._reader.sniff()
        except duckdb.Error:  # every value is looked at instead
            return {}

    def _mend(self) -> None:
        """After a failed read: the encoding is refused with its place, mixed line ends are made one."""
        if isinstance(self._reader, DelimitedFiles) and not self._mended:
            if problems := self._reader.encoding_problems():
                raise DataRefused(*problems) from None
            self._reader.normalise()
            self._mended = True

    def _is_unsure(self, column: str) -> bool:
        kind, sniffed = self._source.kind(column), self._sniffed.get(column)
        if self._columns[column] != "VARCHAR":
            return False
        if kind is None:
            return sniffed is None
        return kind in ("number", "timestamp", "time") and not fits_kind(kind, sniffed or "")

    def _look_closer(self, columns: Sequence[str]) -> None:
        kinds = {name: self._source.kind(name) for name in columns}
        self._exact |= profile(self._connection, self._reader.staging(), kinds)
        self._forget()

    def _conversion(self, column: str) -> Conversion:
        native, kind = self._columns[column], self._source.kind(column)
        if native != "VARCHAR" or kind == "text":
            return as_it_stands(column, native)
        if kind is not None and kind not in KINDS:
            return from_text(column, format_target(kind), kind)
        guess = self._exact.get(column) or self._sniffed.get(column, "VARCHAR")
        target = guess if kind is None or fits_kind(kind, guess) else fallback(kind)
        return from_text(column, target, kind or "text")

    def _read_or_mend(self, name: str) -> list[Conversion]:
        try:
            return self._read(name)
        except duckdb.InvalidInputException:
            self._mend()
            return self._read(name)

    def _read(self, name: str) -> list[Conversion]:
        self._forget()
        conversions = [self._conversion(column) for column in self._columns]
        values = [f"{c.value} as {quoted(c.column)}" for c in conversions]
        cases = [f"when {c.misfit} then {at}" for at, c in enumerate(conversions) if c.misfit]
        flag = f"case {' '.join(cases)} end::usmallint" if cases else "null::usmallint"
        self._connection.execute(
            f"create or replace temp table {quoted(name)} as "
            f"select {', '.join(values)}, {flag} as {_MISFIT} from {self._reader.staging()}"
        )
        return conversions

    def _bad_columns(self, name: str, conversions: Sequence[Conversion]) -> list[Conversion]:
        """Every column with a value that does not fit; the flag of a row names its first one alone."""
        if not only(self._connection, f"select count({_MISFIT}) from {quoted(name)}")[0]:
            return []
        judged = [c for c in conversions if c.misfit]
        counts = ", ".join(f"count_if({c.misfit})" for c in judged)
        found = only(self._connection, f"select {counts} from {self._reader.staging()}")
        return [c for c, count in zip(judged, found, strict=True) if count]

    def _structural(self) -> list[Reject]:
        return self._reader.structural_rejects()

    def _located(self, name: str, bad: Sequence[Conversion]) -> list[Reject]:
        """A second pass over the files for the lines of values that do not fit; only where there are any."""
        if not bad:
            return []
        wanted = {}
        for one in bad:
            sql = f"select distinct {quoted(one.column)} from {self._reader.staging()} where {one.misfit}"
            wanted[one.column] = (one.kind, frozenset(row[0] for row in rows(self._connection, sql)))
        found = self._reader.misfits(wanted)
        missed = only(self._connection, f"select count({_MISFIT}) from {quoted(name)}")[0] - len(found)
        reason = f"{missed} rows with values that do not fit were left out; their lines are not known"
        return [*found, Reject(self._source.pattern, None, bad[0].column, reason, None)] if missed > 0 else found

    def _clean(self, name: str) -> int:
        self._forget()
        self._connection.execute(f"delete from {quoted(name)} where {_MISFIT} is not null")
        self._connection.execute(f"alter table {quoted(name)} drop column {_MISFIT}")
        return int(only(self._connection, f"select count(*) from {quoted(name)}")[0])

    def _empty(self, name: str, conversions: Sequence[Conversion]) -> frozenset[str]:
        texts = [c.column for c in conversions if c.type == "VARCHAR" and c.column not in self._source.text_columns]
        if not texts:
            return frozenset()
        counts = ", ".join(f"count({quoted(column)})" for column in texts)
        filled = only(self._connection, f"select {counts} from {quoted(name)}")
        return frozenset(column for column, count in zip(texts, filled, strict=True) if not count)

    def _refuse_if_nothing_is_left(self, accepted: int, rejects: Sequence[Reject]) -> None:
        if accepted or not rejects:
            return
        first = describe_rejects(rejects_table(rejects))
        raise DataRefused(f"dataset '{self._source.dataset}': not one row can be used", *first)

    def _forget(self) -> None:
        if isinstance(self._reader, DelimitedFiles):
            self._reader.forget()
