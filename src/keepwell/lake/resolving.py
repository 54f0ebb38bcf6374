"""Applies the lake's identity table to a dataset as it is read; the facts stay as their source wrote them."""

from __future__ import annotations

from typing import Protocol

import ibis
import pyarrow as pa

from keepwell.definitions.project import Project
from keepwell.engine.metrics.times import Clock
from keepwell.lake.identity import intervals, resolve
from keepwell.lake.place import IDENTITY, Lake
from keepwell.lake.warehouse import DuckDBWarehouse, Warehouse

_HELD = "kw_identity"
_INSTANT = "kw_instant"
_RESOLVED = "kw_resolved"


class _Data(Protocol):
    project: Project
    warehouse: Warehouse


def resolved(data: _Data, lake: Lake | None, name: str, rows: ibis.Table) -> ibis.Table:
    """The rows of dataset `name` with the account each belonged to when it happened, in place of the source's id.

    The dataset's name is the source. Ids that the identity table does not know keep themselves. Unchanged without an
    identity table, and for datasets that are not facts about accounts (accounts themselves, or read via another).
    """
    dataset = data.project.datasets[name]
    column = dataset.account if isinstance(dataset.account, str) and dataset.role != "relationships" else None
    if lake is None or column is None or not isinstance(data.warehouse, DuckDBWarehouse):
        return rows
    held = _held(data.warehouse, lake)
    if held is None:
        return rows
    clock = Clock(data.warehouse.dialect, data.project.zone_of(name), data.project.settings.time_zone)
    time = dataset.occurred_at or dataset.changed_at or dataset.recorded_at
    instant = clock.instant(rows[time]) if time else ibis.literal(None, "timestamp")
    keyed = rows.mutate(**{_INSTANT: instant})
    found = resolve(keyed, held, source=name, source_id=column, occurred_at=_INSTANT, into=_RESOLVED)
    return found.mutate(**{column: found[_RESOLVED]}).select(*rows.columns)


def _held(warehouse: DuckDBWarehouse, lake: Lake) -> ibis.Table | None:
    table = lake.table(IDENTITY)
    if not table.exists:
        return None
    held: pa.Table = intervals(table.read().sort_by("load_id"))
    warehouse.add_arrow(_HELD, held)
    return warehouse.table(_HELD)
