"""The accounts that somebody may see, as a relation that every query is joined with."""

from __future__ import annotations

import ibis.expr.types as ir
import pyarrow as pa

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.queries import sees_all, visible
from keepwell.engine.reporting.tables import ACCOUNT_ID
from keepwell.lake.reporting import ReportTables

_NAME = "kw_sight"


def seen_by(actor: Actor) -> pa.Table | None:
    """Read when a question is asked, so that rights count from the moment they change; None: all accounts."""
    if sees_all(actor):
        return None
    ids = list(visible(actor).values_list("pk", flat=True))
    return pa.table({ACCOUNT_ID: pa.array(ids, pa.string())})


def sight_in(tables: ReportTables, seen: pa.Table | None) -> ir.Table | None:
    return None if seen is None else tables.taken(_NAME, seen)
