"""A file as rows of a dataset: every cell typed, or its row kept aside as it stood with every reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from keepwell.apps.connectors.importing.cells import Cell, cell_of
from keepwell.errors import DataRefused
from keepwell.lake.files.delimited import DelimitedFiles
from keepwell.lake.files.source import FileSource
from keepwell.lake.statements import literal, open_duckdb, quoted, rows

REASON = "Why rejected"
"""The column that is added to the rows given back, and left out when they come again."""

ROW = "kw_row"
_MEMORY = "400MB"


@dataclass(frozen=True)
class ReadColumn:
    """A column of the file that is taken. `kind` and `form`: see cells. `longest`: characters of text."""

    source: str
    name: str
    kind: str
    form: str = ""
    required: bool = False
    longest: int = 100_000


@dataclass(frozen=True)
class Rule:
    """What a row must hold beside the types of its cells: `sql` is true for a row that is refused, over the typed
    columns; `reason` is SQL of the words."""

    sql: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """How a file is to be read. `key`: names that tell rows apart; a key that stands twice is refused the second time.
    `given`: relations that rules ask, by name."""

    source: FileSource
    columns: Sequence[ReadColumn]
    zone: str
    key: Sequence[str] = ()
    rules: Sequence[Rule] = ()
    given: Mapping[str, object] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)


@dataclass
class ReadCounts:
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    reasons: list[tuple[str, int]] = field(default_factory=list)


def read(reading: Reading, folder: Path, accepted: Path, rejected: Path, tell: Callable[[str], None]) -> ReadCounts:
    """Writes rows that can be taken to `accepted` (Parquet, with ROW) and the others to `rejected` (CSV).

    Works below `folder` in a database of its own, so that memory is bounded. Raises DataRefused for a file that cannot
    be read as a whole.
    """
    scratch = folder / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    database = scratch / "work.duckdb"
    for left in scratch.glob("work.duckdb*"):
        left.unlink()
    with open_duckdb(memory_limit=_MEMORY, temp_directory=str(scratch), threads=2) as connection:
        connection.execute(f"attach {literal(str(database))} as work")
        connection.execute("use work")
        try:
            return _Reader(connection, reading, scratch).into(accepted, rejected, tell)
        except duckdb.Error as error:
            raise DataRefused(f"the file cannot be read: {str(error).strip().splitlines()[0][:300]}") from None
        finally:
            connection.execute("use memory")
            connection.execute("detach work")
            for left in scratch.glob("*"):
                left.unlink()


class _Reader:
    def __init__(self, connection: duckdb.DuckDBPyConnection, reading: Reading, scratch: Path) -> None:
        self._connection, self._reading = connection, reading
        self._files = DelimitedFiles(connection, reading.source, [_path(reading.source)], scratch)
        self._header = list(self._files.columns)
        for name, relation in reading.given.items():
            connection.register(name, relation)

    def into(self, accepted: Path, rejected: Path, tell: Callable[[str], None]) -> ReadCounts:
        tell("reading the file")
        ragged = self._stage()
        tell("checking every row")
        self._judge()
        tell("keeping the rows")
        counts = self._counts(ragged)
        self._write(f"select * exclude (reasons) from judged where len(reasons) = 0 order by {ROW}", accepted,
                    "format parquet, compression zstd")  # fmt: skip
        self._write_rejected(rejected, ragged)
        return counts

    def _stage(self) -> list[tuple[list[str], str]]:
        """The file as text, row by row; returns rows whose cells cannot be told apart, with the reason."""
        staging = self._files.staging()
        self._connection.execute(f"create table raw as select row_number() over () as {ROW}, * from {staging}")
        return [self._ragged(one.text or "", one.reason) for one in self._files.structural_rejects()]

    def _ragged(self, text: str, reason: str) -> tuple[list[str], str]:
        cells = next(iter(csv.reader([text], delimiter=self._delimiter)), [])
        more = cells[len(self._header) :]
        if more:
            reason += f"; too many: {' | '.join(more)[:200]}"
        return [*cells, *([""] * len(self._header))][: len(self._header)], reason

    @property
    def _delimiter(self) -> str:
        return self._reading.source.delimiter or ","

    def _judge(self) -> None:
        cells = [(one, cell_of(quoted(one.source), one.kind, one.form, self._reading.zone)) for one in self._columns()]
        typed = ", ".join(f"{cell.value} as {quoted(one.name)}" for one, cell in cells)
        own = ", ".join(reason for one, cell in cells for reason in _reasons(one, cell))
        # derived columns and rules see the typed values, under their names
        derived = "".join(f", {sql} as {quoted(name)}" for name, sql in self._reading.derived.items())
        rules = ", ".join(f"case when {one.sql} then {one.reason} end" for one in self._reading.rules) or "null"
        self._connection.execute(
            f"create table typed as select {ROW}, {typed}, "
            f"list_filter([{own or 'null'}], lambda x: x is not null) as own from raw"
        )
        self._connection.execute(
            f"create table judged as select * exclude (own){derived}, "
            f"list_concat(own, list_filter([{rules}]::varchar[], lambda x: x is not null)) as reasons from typed"
        )
        self._connection.execute("drop table typed")
        if self._reading.key:
            self._refuse_repeated()

    def _refuse_repeated(self) -> None:
        keys = ", ".join(quoted(one) for one in self._reading.key)
        filled = " and ".join(f"{quoted(one)} is not null" for one in self._reading.key)
        self._connection.execute(
            f"create temp table repeated as select {ROW} as twice, first from (select {ROW}, "
            f"min({ROW}) over (partition by {keys}) as first from judged where len(reasons) = 0 and {filled}) "
            f"where {ROW} <> first"
        )
        self._connection.execute(
            "update judged set reasons = ['the same ' || ? || ' stands in row ' || first::varchar || ' already'] "
            f"from repeated where {ROW} = twice",
            [" and ".join(self._reading.key)],
        )

    def _columns(self) -> Iterable[ReadColumn]:
        return self._reading.columns

    def _counts(self, ragged: Sequence[tuple[list[str], str]]) -> ReadCounts:
        total, bad = rows(self._connection, "select count(*), count(*) filter (where len(reasons) > 0) from judged")[0]
        # values stand in quotes within a reason, so that the same trouble of many rows is counted as one
        found = dict(rows(
            self._connection,
            "select regexp_replace(regexp_replace(reason, '''[^'']*''', '…', 'g'), 'row \\d+', 'row …', 'g') as why, "
            "count(*) from (select unnest(reasons) as reason from judged) group by 1 order by 2 desc, 1 limit 20",
        ))  # fmt: skip
        for _, reason in ragged:
            short = reason.split(";")[0]
            found[short] = found.get(short, 0) + 1
        most = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:20]
        return ReadCounts(total + len(ragged), total - bad, bad + len(ragged), most)

    def _write(self, select: str, path: Path, options: str) -> None:
        self._connection.execute(f"copy ({select}) to {literal(str(path))} ({options})")

    def _write_rejected(self, path: Path, ragged: Sequence[tuple[list[str], str]]) -> None:
        kept = [name for name in self._header if name != REASON]
        listed = ", ".join(f"raw.{quoted(name)}" for name in kept)
        self._write(
            f"select {listed}, array_to_string(reasons, '; ') as {quoted(REASON)} from judged join raw using ({ROW}) "
            f"where len(reasons) > 0 order by {ROW}",
            path, f"format csv, header true, delimiter {literal(self._delimiter)}",
        )  # fmt: skip
        if ragged:
            with path.open("a", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, delimiter=self._delimiter, lineterminator="\n")
                at = [i for i, name in enumerate(self._header) if name != REASON]
                writer.writerows([*(cells[i] for i in at), reason] for cells, reason in ragged)


def _path(source: FileSource) -> Path:
    return source.folder / source.pattern


def _reasons(column: ReadColumn, cell: Cell) -> Iterable[str]:
    """SQL of what may be wrong with a cell, null where nothing is."""
    x, name = quoted(column.source), column.source.replace("'", "''")
    if cell.misfit:
        shown = f"case when length({x}) > 40 then left({x}, 39) || '…' else {x} end"
        yield f"case when {cell.misfit} then '{name}: ''' || {shown} || ''' is not {cell.noun}' end"
    if column.required:
        yield f"case when {x} is null or trim({x}) = '' then '{name}: give a value' end"
    if column.kind == "text":
        yield (
            f"case when length({x}) > {column.longest} then "
            f"'{name}: at most {column.longest:,} characters, these are ' || length({x})::varchar end"
        )
