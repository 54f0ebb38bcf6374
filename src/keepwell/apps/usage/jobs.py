"""Jobs of what comes in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from procrastinate import Blueprint

blueprint = Blueprint()
KEPT = timedelta(days=30)


@blueprint.periodic(cron="50 3 * * *")
@blueprint.task(name="empty quarantine", queueing_lock="usage.quarantine", lock="usage.quarantine")
def empty_quarantine(timestamp: int) -> None:
    """Deletes what was refused more than 30 days before `timestamp`, decided or not."""
    from keepwell.apps.usage.models import Quarantined

    Quarantined.objects.filter(received_at__lt=datetime.fromtimestamp(timestamp, UTC) - KEPT).delete()
