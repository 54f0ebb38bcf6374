"""A reading into the lake: one commit, noted with the number of the run, or nothing at all."""

from __future__ import annotations

from datetime import datetime, tzinfo

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.connect.document import SyncDocument
from keepwell.connect.meeting import meet
from keepwell.connect.spec import SourceRefused
from keepwell.connect.staging import Outcome, Staging
from keepwell.definitions.datasets import Dataset
from keepwell.lake.loading import LOCAL_DAY, layout_of
from keepwell.lake.place import FACTS, Lake
from keepwell.lake.tables import LakeTable, TableLayout
from keepwell.lake.tables.schemas import conform


def load(
    document: SyncDocument,
    lake: Lake,
    staging: Staging,
    outcome: Outcome,
    *,
    sync: str,
    run: int,
    now: datetime,
    dataset: Dataset | None,
    zone: tzinfo,
    whole: bool,
    allow_empty: bool = False,
) -> int:
    """Writes what was read and returns the table's version; counts are added to `outcome`. Doing it twice does it once.

    `dataset`: its definition, where there is one. `whole`: the reading was of all rows. Raises SourceRefused where a
    whole reading is empty and rows would go, DataRefused for types that are not those of the table.
    """
    rows = with_local_day(staging.rows(), dataset, zone)
    table = lake.table(FACTS + document.dataset, _layout(dataset, rows))
    note = (application_of(sync), run)
    if is_loaded(table, sync, run):
        return table.version
    if whole and not rows.num_rows and not allow_empty and _would_go(document, table):
        raise SourceRefused(
            "the source gave no rows, and those that are there would go: nothing was changed. "
            "If that is right, run it again with 'Load even if empty'"
        )
    conform(rows, table.schema() if table.exists else None, where=document.dataset)
    met = meet(document, table, rows, now)
    outcome.added, outcome.changed = met.added, met.changed
    outcome.unchanged, outcome.deleted = met.unchanged, met.deleted
    staging.note(outcome)
    if met.rows is None:
        return table.version
    if met.how == "upsert":
        return table.upsert(document.keys, met.rows, application=note).version
    if met.how == "replace":
        return table.replace({}, met.rows, application=note).version
    return table.append(met.rows, application=note).version


def is_loaded(table: LakeTable, sync: str, run: int) -> bool:
    noted = table.application_version(application_of(sync))
    return noted is not None and noted >= run


def application_of(sync: str) -> str:
    """What the lake notes a sync's loads under."""
    return f"keepwell.connector.{sync}"


def with_local_day(rows: pa.Table, dataset: Dataset | None, zone: tzinfo) -> pa.Table:
    """The day in the project's zone beside the time of facts, as every load writes it."""
    column = dataset.occurred_at if dataset else None
    if column is None or column not in rows.column_names:
        return rows
    values = rows[column]
    if pa.types.is_timestamp(values.type):
        local = pc.local_timestamp(values.cast(pa.timestamp("us", str(zone))))
        values = pc.floor_temporal(local, unit="day").cast(pa.date32())
    return rows.append_column(LOCAL_DAY, values) if pa.types.is_date32(values.type) else rows


def _layout(dataset: Dataset | None, rows: pa.Table) -> TableLayout | None:
    return layout_of(dataset, rows) if dataset else TableLayout(occurred_at=None, recorded_at=None)


def _would_go(document: SyncDocument, table: LakeTable) -> bool:
    goes = document.mode == "replace" or document.deleted == "missing"
    return goes and table.exists and any(file.rows for file in table.files())
