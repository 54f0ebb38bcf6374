"""Entered scores as the API says them."""

from __future__ import annotations

from typing import Any

from keepwell.apps.health.manual import Standing
from keepwell.apps.health.models import Entry
from keepwell.definitions.measures import Level


def standing_out(one: Standing) -> dict[str, Any]:
    return {
        "measure": one.name, "title": one.title, "stale_on": one.stale_on, "on_card": one.told is not None,
        "entry": entry_out(one.entry, one.level) if one.entry else None,
        "sources": [{"source": name, "why": why} for name, why, _ in one.sources],
    }  # fmt: skip


def entry_out(entry: Entry, level: Level | None) -> dict[str, Any]:
    names = ("measure", "source", "score", "comment", "author", "occurred_at", "recorded_at", "expires_at")
    return {**{name: getattr(entry, name) for name in names}, "id": entry.pk, "level": level.label if level else None}
