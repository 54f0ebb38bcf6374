"""Facts whose version tells when the ledgers changed too, so that values kept for dates of the past are not stale."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

import pyarrow as pa
from django.db.models import Count, Max, Model

from keepwell.apps.health.ledgers import ENTRIES, OVERRIDES, PINS, registered
from keepwell.apps.health.models import AccountOverride, Entry, Pin
from keepwell.apps.health.place import lake
from keepwell.apps.usage.datasets import nothing_yet
from keepwell.lake.data import ProjectData

_LEDGERS: dict[str, type[Model]] = {ENTRIES: Entry, OVERRIDES: AccountOverride, PINS: Pin}


class Dated:
    """Facts of the lake with the ledgers of the database: their version tells when either changed.

    Ledgers that are only added to tell by how many rows there are; those of other apps, whose rows change, by what they
    hold at this moment.
    """

    def __init__(self, inner: ProjectData) -> None:
        self._inner = inner
        self._held: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def version(self, names: Collection[str]) -> str | None:
        tables = {name: str(self._inner.project.datasets[name].table) for name in sorted(names)}
        kept, empty = registered(None, self._inner.project), nothing_yet(lake())
        state: list[object] = []
        facts = set(names)
        for name, table in tables.items():
            if table in _LEDGERS:
                counts = (Count("pk"), Max("pk"), Max("recorded_at"))
                state.append(list(_LEDGERS[table]._default_manager.aggregate(*counts).values()))
            elif table in kept:
                state.append(self._held.get(table) or self._digest(table, kept[table]()))
            elif table not in empty:
                continue
            facts.discard(name)
        found = self._inner.version(facts)
        return None if found is None else f"{found} {state}"

    def _digest(self, table: str, rows: pa.Table) -> str:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as writer:
            writer.write_table(rows.combine_chunks())
        self._held[table] = hashlib.sha256(sink.getvalue()).hexdigest()
        return self._held[table]
