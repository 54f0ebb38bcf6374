"""Facts whose version tells when the ledgers changed too, so that values kept for dates of the past are not stale."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Max, Model

from keepwell.apps.health.ledgers import ENTRIES, OVERRIDES, PINS
from keepwell.apps.health.models import AccountOverride, Entry, Pin
from keepwell.lake.data import ProjectData

_LEDGERS: dict[str, type[Model]] = {ENTRIES: Entry, OVERRIDES: AccountOverride, PINS: Pin}


class Dated:
    """Facts of the lake with the ledgers of the database: their version tells when either changed."""

    def __init__(self, inner: ProjectData) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def version(self, names: Collection[str]) -> str | None:
        datasets = self._inner.project.datasets
        ledgers = {name: held for name in sorted(names) if (held := _LEDGERS.get(str(datasets[name].table)))}
        counts = (Count("pk"), Max("pk"), Max("recorded_at"))
        state = [list(held._default_manager.aggregate(*counts).values()) for held in ledgers.values()]
        facts = self._inner.version(set(names) - ledgers.keys())
        return None if facts is None else f"{facts} {state}"
