"""The lake's identity table, as pages about customers read it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from keepwell.lake.identity import IDENTITY as COLUMNS
from keepwell.lake.identity import intervals
from keepwell.lake.place import IDENTITY, Lake
from keepwell.lake.tables import LakeTable


def identity_table() -> LakeTable:
    return Lake(Path(settings.ENVIRONMENT.data_dir) / "lake").table(IDENTITY)


def identity_rows() -> pa.Table:
    """Every row that was ever recorded, in order."""
    table = identity_table()
    if not table.exists:
        return COLUMNS.empty_table()
    return table.read().sort_by("load_id").select(COLUMNS.names)


def source_ids_of(account_id: str) -> list[dict[str, object]]:
    """The ids of sources that count for an account now: source, source_id, valid_from, valid_to."""
    held = intervals(identity_rows())
    found: list[dict[str, object]] = held.filter(pc.equal(held["account_id"], pa.scalar(account_id))).to_pylist()
    return found
