"""How far an import is, kept in its row for whoever looks at the page."""

from __future__ import annotations

from django.utils import timezone

from keepwell.apps.connectors.importing.models import Import, ImportStatus


def tell(one: Import, step: str) -> None:
    one.step, one.beat_at = step, timezone.now()
    one.save(update_fields=["step", "beat_at"])


def fail(one: Import, error: str, back_to: str = ImportStatus.FAILED) -> None:
    one.status, one.error, one.ended_at = back_to, error[:5000], timezone.now()
    one.save(update_fields=["status", "error", "ended_at"])
