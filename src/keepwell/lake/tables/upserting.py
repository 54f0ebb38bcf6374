"""Rows in the place of those with the same key: Delta's merge, which writes again only files that hold such keys."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable

from keepwell.lake.statements import quoted


def put_rows(delta: DeltaTable, rows: pa.Table, keys: Sequence[str], *, grows: bool, commit: CommitProperties) -> None:
    """One commit. `rows` have the columns of the table, and where it `grows` new ones after them."""
    same = " and ".join(f"there.{quoted(key)} = given.{quoted(key)}" for key in keys)
    merging = delta.merge(
        rows, same, source_alias="given", target_alias="there", merge_schema=grows, commit_properties=commit
    )
    merging.when_matched_update_all().when_not_matched_insert_all().execute()
