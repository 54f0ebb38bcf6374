"""log: an entry on the account's timeline, written once."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register, rule_actor
from keepwell.apps.timeline.content import Content
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.timeline.operations import write_entry

_LONGEST = 300


def register_performers() -> None:
    register("log", Performer(_write, _back, "logs", "timeline entry"))


def _write(effect: Effect) -> dict[str, Any]:
    asked = effect.parameters
    content = Content(
        type=asked.get("type") or "update",
        title=str(asked["title"])[:_LONGEST],
        text=asked.get("text") or "",
        occurred_at=timezone.now(),
    )
    entry = write_entry(
        actor=rule_actor(effect), account_id=effect.account_id, content=content, key=f"rule:{effect.pk}"
    )
    return {"entry": entry.pk}


def _back(effect: Effect) -> str:
    entry = TimelineEntry.objects.filter(pk=effect.made["entry"]).first()
    if entry is not None and entry.revisions.exists():
        return "somebody edited the entry; it stays"
    if entry is not None:
        entry.delete()
    return ""
