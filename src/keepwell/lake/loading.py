"""Loads a project's raw files into the lake: times as UTC, the local day, ids as text, rows marked with a load."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.datasets import Dataset
from keepwell.engine.metrics.times import Clock
from keepwell.lake.data import ProjectData
from keepwell.lake.place import FACTS, Lake
from keepwell.lake.tables import LakeTable, TableLayout

LOCAL_DAY = "local_day"
_MONTHS_FROM_ROWS = 1_000_000


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows written, the load's number, the table's version; `written` False: it was there already."""

    dataset: str
    rows: int
    load_id: int
    version: int
    written: bool


def load_dataset(data: ProjectData, lake: Lake, name: str, *, append: bool = False) -> Loaded:
    """Loads one dataset of `data` into `facts/<name>`: in the place of what is there, or (`append`) beside it.

    Appending the same files again changes nothing. Times become UTC; a dataset with `occurred_at` gets the column
    `local_day`, the day in the project's zone. Raises DataRefused for rows that do not fit, before anything is written.
    """
    dataset = data.project.datasets[name]
    rows = data.run(_in_utc(data, name))
    table = lake.table(FACTS + name, layout_of(dataset, rows))
    files = f"files:{_fingerprint(data, name)}"
    if append and _holds(table, files):
        return Loaded(name, 0, table.load_id, table.version, written=False)
    load = table.load_id + 1
    note = (files, load)
    done = (
        table.append(rows, load_id=load, application=note)
        if append
        else table.replace({}, rows, load_id=load, application=note)
    )
    return Loaded(name, done.rows, done.load_id, done.version, done.written)


def _holds(table: LakeTable, files: str) -> bool:
    """Whether the load of these files is still there: noted, and not replaced since."""
    load = table.application_version(files)
    return load is not None and load in pc.unique(table.read(columns=["load_id"])["load_id"]).to_pylist()


def _in_utc(data: ProjectData, name: str) -> ir.Table:
    dataset, rows = data.project.datasets[name], data.table(name)
    clock = Clock(data.dialect, data.project.zone_of(name), data.project.settings.time_zone)
    times = {
        column: clock.instant(rows[column]).cast("timestamp('UTC')")
        for column, kind in rows.schema().items()
        if kind.is_timestamp()
    }
    if dataset.occurred_at:
        times[LOCAL_DAY] = clock.day(rows[dataset.occurred_at])
    return rows.mutate(**times) if times else rows


def layout_of(dataset: Dataset, rows: pa.Table) -> TableLayout:
    """Large fact tables are split by month; all are kept sorted by account and time, as metrics read them."""
    account = dataset.via.on if dataset.via else dataset.account
    order = tuple(str(column) for column in (account, dataset.occurred_at) if column)
    by_month = LOCAL_DAY if dataset.occurred_at and rows.num_rows >= _MONTHS_FROM_ROWS else None
    return TableLayout(
        month_of=by_month,
        sort_by=order,
        occurred_at=dataset.occurred_at or dataset.changed_at,
        recorded_at=dataset.recorded_at,
    )


def _fingerprint(data: ProjectData, name: str) -> str:
    """Names the content of a dataset's files, whatever they are called."""
    loaded = data.loaded(name)
    files = sorted(_digest(Path(file)) for file in (loaded.files if loaded else ()))
    return hashlib.sha256(f"{name}:{files}".encode()).hexdigest()[:32]


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
