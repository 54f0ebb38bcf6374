"""The lake's identity table, as pages about customers read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.customers.lake_writes import APPLICATION, lake_table, register_writer, write_after_commit
from keepwell.lake.identity import IDENTITY as COLUMNS
from keepwell.lake.identity import intervals, link, merge, undo
from keepwell.lake.place import IDENTITY
from keepwell.lake.tables import LakeTable

_MERGE, _UNDO, _LINK = "merge", "undo merge", "link"


def merge_after_commit(account_id: str, into_id: str, change: str) -> None:
    """Facts of one account count for another from the next run on."""
    write_after_commit(table=IDENTITY, kind=_MERGE, content={"account": account_id, "into": into_id, "change": change})


def undo_after_commit(undone: str, change: str) -> None:
    """As if the change `undone` had never been."""
    write_after_commit(table=IDENTITY, kind=_UNDO, content={"undone": undone, "change": change})


def link_after_commit(source: str, source_id: str, account_id: str, change: str) -> None:
    """Rows of a dataset that carry the id count for the account, whenever they happened."""
    content = {"source": source, "source_id": source_id, "account": account_id, "change": change}
    write_after_commit(table=IDENTITY, kind=_LINK, content=content)


def register() -> None:
    register_writer(_LINK, _write_link)
    register_writer(_MERGE, _write_merge)
    register_writer(_UNDO, _write_undo)


def _write_merge(table: LakeTable, content: Mapping[str, Any], recorded_at: datetime, number: int) -> None:
    held = identity_rows(table)
    rows = merge(held, [content["account"]], content["into"], recorded_at=recorded_at, change=content["change"])
    table.append(rows, application=(APPLICATION, number))


def _write_link(table: LakeTable, content: Mapping[str, Any], recorded_at: datetime, number: int) -> None:
    rows = link(content["source"], {content["source_id"]: content["account"]}, recorded_at=recorded_at,
                change=content["change"])  # fmt: skip
    table.append(rows, application=(APPLICATION, number))


def _write_undo(table: LakeTable, content: Mapping[str, Any], recorded_at: datetime, number: int) -> None:
    held = identity_rows(table)
    table.append(undo(held, content["undone"], recorded_at=recorded_at, change=content["change"]),
                 application=(APPLICATION, number))  # fmt: skip


def identity_rows(table: LakeTable | None = None) -> pa.Table:
    """Every row that was ever recorded, in order."""
    table = table or lake_table(IDENTITY)
    if not table.exists:
        return COLUMNS.empty_table()
    return table.read().sort_by("load_id").select(COLUMNS.names)


def source_ids_of(account_id: str) -> list[dict[str, object]]:
    """The ids of sources that count for an account now: source, source_id, valid_from, valid_to."""
    held = intervals(identity_rows())
    found: list[dict[str, object]] = held.filter(pc.equal(held["account_id"], pa.scalar(account_id))).to_pylist()
    return found
