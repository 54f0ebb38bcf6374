"""How many groups there are, and which of them are shown."""

from __future__ import annotations

import pyarrow as pa

from keepwell.engine.reporting.queries import GROUPS, MOST_GROUPS, Query
from keepwell.errors import RequestRefused


def found_of(rows: pa.Table, query: Query) -> int:
    """How many groups the query has. Raises RequestRefused where there are too many for any chart."""
    if query.limit is not None:
        return int(rows[GROUPS][0].as_py()) if rows.num_rows else 0
    if rows.num_rows > MOST_GROUPS:
        raise RequestRefused(
            f"there are more than {MOST_GROUPS:,} values to tell apart; take a coarser dimension, a filter, or a table"
        )
    return int(rows.num_rows)
