"""Which files a dataset's rows lie in, told apart by marks, and a part of them as a relation of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from keepwell.engine.facts import Holdings
from keepwell.lake.files.source import mark_of
from keepwell.lake.place import IDENTITY, Lake
from keepwell.lake.tables import LakeTable
from keepwell.lake.warehouse import DuckDBWarehouse


class Held(Protocol):
    """Files that a relation reads."""

    def files(self) -> dict[str, str] | None:
        """Each with its mark; None where rows were copied."""

    def register(self, name: str, files: Collection[str]) -> None:
        """The rows in some of the files, as the relation `name`."""


class HeldFiles:
    """Raw files: one that was written again has another size or time."""

    def __init__(self, warehouse: DuckDBWarehouse, dataset: str) -> None:
        self._warehouse = warehouse
        self._dataset = dataset

    def files(self) -> dict[str, str] | None:
        loaded = self._warehouse.loaded[self._dataset]
        return None if loaded.by_file is None else {str(path): mark_of(path) for path in loaded.files}

    def register(self, name: str, files: Collection[str]) -> None:
        self._warehouse.add_files_of(name, self._dataset, files)


class HeldTable:
    """One version of a lake table, whose files are never changed."""

    def __init__(self, warehouse: DuckDBWarehouse, table: LakeTable, version: int) -> None:
        self._warehouse = warehouse
        self._table = table
        self._version = version

    def files(self) -> dict[str, str] | None:
        return {file.path: str(file.size) for file in self._table.files(self._version)}

    def register(self, name: str, files: Collection[str]) -> None:
        self._warehouse.add_lake_table(name, self._table, version=self._version, among=files)


def holdings(held: Held, lake: Lake | None) -> Holdings | None:
    """The files of a dataset; who its ids are is what else its rows rest on."""
    files = held.files()
    return (
        None if files is None else Holdings(files, "" if lake is None else f"identity {lake.table(IDENTITY).version}")
    )
