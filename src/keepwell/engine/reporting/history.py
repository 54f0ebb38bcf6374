"""The history of scores as the catalogue has it."""

from __future__ import annotations

import pyarrow as pa

from keepwell.engine.columns import one_array

HISTORY = pa.schema(
    [
        ("account_id", pa.string()),
        ("as_of", pa.date32()),
        ("score", pa.float64()),
        ("computed_score", pa.float64()),
        ("label", pa.string()),
        ("scorecard", pa.string()),
        ("coverage", pa.float64()),
        ("version", pa.string()),
    ]
)
STORED = {"score": "final_score"}


def scores_of(rows: pa.Table) -> pa.Table:
    """Rows of `engine.wide.WIDE`, of accounts alone, as rows of HISTORY."""
    found = {name: one_array(rows[STORED.get(name, name)]) for name in HISTORY.names}
    return pa.table({name: column.cast(HISTORY.field(name).type) for name, column in found.items()}, schema=HISTORY)
