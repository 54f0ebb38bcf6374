"""An import into the lake, after its records are committed: one commit, noted, so that it happens once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keepwell.apps.connectors.importing.merging import Manner, Meeting
from keepwell.apps.connectors.importing.place import accepted, before, folder_of, written
from keepwell.apps.connectors.importing.reverting import without
from keepwell.apps.customers.lake_writes import APPLICATION, register_writer
from keepwell.lake.statements import literal
from keepwell.lake.tables import LakeTable, TableLayout

IMPORT, UNDO = "import", "undo import"


def register() -> None:
    register_writer(IMPORT, write_import)
    register_writer(UNDO, write_undo)


def write_import(table: LakeTable, content: Mapping[str, Any], recorded_at: datetime, number: int) -> None:
    """Rows that are new or changed, as the table stands now. What was there, and what came of it, is kept beside."""
    if _is_noted(table, number):
        return
    import_id = content["import"]
    folder = folder_of(import_id)
    manner = Manner(tuple(content["key"]), content["changed_at"], content["clears"])
    with Meeting(table, accepted(import_id), manner, recorded_at, folder / "scratch") as meeting:
        counts, adds = meeting.counts(), meeting.adds
        for select, path in ((meeting.written(), written(import_id)), (meeting.before(), before(import_id))):
            meeting.connection.execute(f"copy ({select}) to {literal(str(path))} (format parquet, compression zstd)")
        (folder / "written.json").write_text(json.dumps({**counts, "adds": adds}), encoding="utf-8")
        if not counts["new"] and not counts["changed"]:
            return
    rows = pq.read_table(written(import_id))
    fresh = LakeTable(table.path, layout=_layout(content, rows)) if not table.exists else table
    note = (APPLICATION, number)
    _ = fresh.append(rows, application=note) if adds else table.upsert(manner.key, rows, application=note)


def write_undo(table: LakeTable, content: Mapping[str, Any], recorded_at: datetime, number: int) -> None:
    """The table without what the import left there, and with what was there before."""
    if _is_noted(table, number) or not table.exists:
        return
    import_id = content["import"]
    key = () if told(import_id, "written").get("adds") else tuple(content["key"])
    rows, counts = without(table, written(import_id), before(import_id), key, folder_of(import_id))
    (folder_of(import_id) / "undone.json").write_text(json.dumps(counts), encoding="utf-8")
    if rows is not None:
        table.replace({}, rows, application=(APPLICATION, number))


def told(import_id: int, name: str) -> dict[str, Any]:
    """What a writing left beside the rows; empty where it found nothing to do."""
    path = folder_of(import_id) / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _is_noted(table: LakeTable, number: int) -> bool:
    noted = table.application_version(APPLICATION)
    return noted is not None and noted >= number


def _layout(content: Mapping[str, Any], rows: pa.Table) -> TableLayout:
    order = tuple(str(one) for one in (content["account"], content["occurred_at"]) if one)
    by_month = "local_day" if content["occurred_at"] and rows.num_rows >= 1_000_000 else None
    return TableLayout(month_of=by_month, sort_by=order, occurred_at=content["occurred_at"] or content["changed_at"],
                       recorded_at=content["recorded_at"])  # fmt: skip
