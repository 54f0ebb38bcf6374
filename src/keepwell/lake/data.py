"""The data of a project: its datasets' files or tables, opened when they are first read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

import ibis
import pyarrow as pa

from keepwell.definitions.columns import id_columns, named_columns, time_columns
from keepwell.definitions.datasets import LEDGER_COLUMNS, Dataset
from keepwell.definitions.project import Project
from keepwell.engine.facts import Holdings
from keepwell.errors import DataRefused, RequestRefused
from keepwell.lake.data_version import combined, version_in_lake, version_of_files
from keepwell.lake.files import FileSource, LoadedFiles, describe_rejects, misfits, write_rejects
from keepwell.lake.holding import Held, HeldFiles, HeldTable, holdings
from keepwell.lake.place import Lake
from keepwell.lake.resolving import resolved
from keepwell.lake.warehouse import DuckDBWarehouse, Warehouse, connect

Records = Mapping[str, Callable[[], pa.Table]]
"""Tables by name, made when they are first read."""

_SHOWN = 5
_LEDGER_TYPES = {
    "score": "number",
    "recorded_at": "time",
    "expires_at": "time",
    "until": "time",
    "withdrawn_at": "time",
}


class ProjectData:
    """What the engine reads of a project (`engine.facts.FactSource`). Closed by who opened it.

    `folder`: where dataset files are looked up. `rejects`: a file for rows that do not fit what their dataset declares;
    without one such rows refuse the dataset. `lake`: datasets that were loaded there, or whose `table` is one of its
    facts, are read from there, and source ids are resolved through its identity table. `versions`: of datasets that are
    read as they stood at a version of their table in the lake (others: at the newest). `records`: tables that the
    program keeps itself, by the name that datasets give as their `table`.
    """

    def __init__(
        self,
        project: Project,
        warehouse: Warehouse,
        folder: Path,
        *,
        rejects: Path | None = None,
        lake: Lake | None = None,
        versions: Mapping[str, int] | None = None,
        records: Records | None = None,
    ) -> None:
        self.project = project
        self.warehouse = warehouse
        self._folder = folder
        self._rejects = rejects
        self._lake = lake
        self._versions = versions or {}
        self._records = records or {}
        self._opened: dict[str, ibis.Table] = {}
        self._held: dict[str, Held] = {}
        self._rejected: list[pa.Table] = []
        self._opening = RLock()

    @property
    def dialect(self) -> str:
        return self.warehouse.dialect

    def table(self, name: str) -> ibis.Table:
        """The raw rows of a dataset. Raises DataRefused where its files cannot be read, or rows do not fit."""
        with self._opening:
            if name not in self._opened:
                self._opened[name] = resolved(self, self._lake, name, self._open(name))
            return self._opened[name]

    def forget(self, name: str) -> None:
        """A dataset whose rows have changed: they are read anew when somebody asks for them."""
        with self._opening:
            self._opened.pop(name, None)
            self._held.pop(name, None)

    def run(self, expression: ibis.Table) -> pa.Table:
        """Executes a query; see `Warehouse.run` for types and errors."""
        return self.warehouse.run(expression)

    def open_all(self, names: Iterable[str] | None = None) -> None:
        """Opens datasets (all of them) and raises one DataRefused with everything that is wrong with them."""
        problems: list[object] = []
        for name in names if names is not None else self.project.datasets:
            try:
                self.table(name)
            except (DataRefused, RequestRefused) as refused:
                problems.extend(refused.problems)
        if problems:
            raise DataRefused(*problems)

    def loaded(self, name: str) -> LoadedFiles | None:
        """What is known of the files of a dataset; None for a table of a warehouse."""
        return self.warehouse.loaded.get(name) if isinstance(self.warehouse, DuckDBWarehouse) else None

    def version(self, names: Collection[str]) -> str | None:
        """A text that changes whenever the data of these datasets do; None for tables of a warehouse.

        Files count by place, size and time of change, tables of the lake by their version.
        """
        found = [self._version(name) for name in sorted(names)]
        known = [one for one in found if one is not None]
        return combined(self.project, names, known) if len(known) == len(found) else None

    def _version(self, name: str) -> list[object] | None:
        if not isinstance(self.warehouse, DuckDBWarehouse):
            return None
        in_lake = version_in_lake(self._lake, self.project, name)
        if in_lake is not None:
            return in_lake
        is_file = self.project.datasets[name].table is None
        return version_of_files(file_source(self.project, name, self._folder)) if is_file else None

    def holdings(self, name: str) -> Holdings | None:
        """The files that `table` reads, with their marks; None for tables of a warehouse and rows that were copied."""
        self.table(name)
        held = self._held.get(name)
        return holdings(held, self._lake) if held else None

    def table_in(self, name: str, files: Collection[str]) -> ibis.Table:
        """The raw rows of a dataset that lie in some of its files, as `holdings` names them."""
        part = f"{name}:part"
        self._held[name].register(part, files)
        rows = self.warehouse.table(part)
        return resolved(self, self._lake, name, rows)

    def _open(self, name: str) -> ibis.Table:
        dataset = self.project.datasets[name]
        if dataset.table is not None and dataset.table in self._records and isinstance(self.warehouse, DuckDBWarehouse):
            self.warehouse.add_arrow(name, self._records[dataset.table]())
            return self.warehouse.table(name)
        if self._lake is not None and isinstance(self.warehouse, DuckDBWarehouse):
            kept = self._lake.facts(name, dataset.table)
            if kept.exists:
                version = self._versions.get(name, kept.version)
                self.warehouse.add_lake_table(name, kept, version=version)
                self._held[name] = HeldTable(self.warehouse, kept, version)
                return self.warehouse.table(name)
        if dataset.table is not None:
            return self.warehouse.table(dataset.table)
        if not isinstance(self.warehouse, DuckDBWarehouse):
            return self.warehouse.table(name)
        loaded = self.warehouse.add_files(file_source(self.project, name, self._folder))
        if len(loaded.rejects):
            self._take_rejects(name, loaded)
        self._held[name] = HeldFiles(self.warehouse, name)
        return self._without_guessed_types(name, loaded)

    def _without_guessed_types(self, name: str, loaded: LoadedFiles) -> ibis.Table:
        """Columns that hold nothing yet fit every expression, unless their type is known from what they are for."""
        dataset, rows = self.project.datasets[name], self.warehouse.table(name)
        known = id_columns(dataset) | time_columns(dataset) | dataset.types.keys()
        empty = loaded.empty_columns - known
        return rows.mutate(**{column: ibis.null() for column in empty}) if empty else rows

    def misfits(self, name: str, column: str, kind: str) -> list[str]:
        """Why a column of a file is not of `kind`: the first values that are not, with file and line."""
        if self.project.datasets[name].file is None or not isinstance(self.warehouse, DuckDBWarehouse):
            return []
        with self.warehouse.turn:
            return misfits(self.warehouse.connection, file_source(self.project, name, self._folder), column, kind)

    def _take_rejects(self, name: str, loaded: LoadedFiles) -> None:
        rejects = loaded.rejects
        if self._rejects is None:
            more = len(rejects) - _SHOWN
            raise DataRefused(
                *describe_rejects(rejects, limit=_SHOWN),
                f"dataset '{name}': {len(rejects)} rows do not fit{f', {more} more than shown' if more > 0 else ''}; "
                "mend them, declare the column's type with 'types', or put them aside with --rejects FILE",
            )
        self._rejected.append(rejects)
        write_rejects(self._rejects, pa.concat_tables(self._rejected))

    def close(self) -> None:
        self.warehouse.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_data(
    project: Project,
    folder: Path | str,
    *,
    rejects: Path | None = None,
    warehouse: Warehouse | None = None,
    lake: Lake | None = None,
    versions: Mapping[str, int] | None = None,
    records: Records | None = None,
) -> ProjectData:
    """Opens the data of a project: the warehouse it names, or files below `folder` read by DuckDB in this process.

    The arguments are those of `ProjectData`.
    """
    return ProjectData(
        project,
        warehouse or connect(project.settings.warehouse),
        Path(folder),
        rejects=rejects,
        lake=lake,
        versions=versions,
        records=records,
    )


def file_source(project: Project, name: str, folder: Path) -> FileSource:
    """What a dataset's definition says about its files."""
    dataset = project.datasets[name]
    assert dataset.file is not None
    return FileSource(
        dataset=name,
        pattern=dataset.file,
        folder=folder,
        format=dataset.format,
        encoding=dataset.encoding,
        delimiter=dataset.delimiter,
        nulls=dataset.nulls,
        types=_types(dataset),
        text_columns=id_columns(dataset) - dataset.types.keys(),
        required=frozenset(column for _, column in named_columns(project, name)),
    )


def _types(dataset: Dataset) -> dict[str, str]:
    times = dict.fromkeys(time_columns(dataset), "time")
    return times | (_LEDGER_TYPES if dataset.role in LEDGER_COLUMNS else {}) | dataset.types
