"""Schedules that are due, every minute; what was missed is made up for once."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import Blueprint

from keepwell.apps.health import lanes

blueprint = Blueprint()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="mail", queue=lanes.LETTERS, queueing_lock="dashboards:mail", lock="dashboards:mail")
def mail(timestamp: int) -> None:
    """Letters into the outbox; each is made when it leaves."""
    from keepwell.apps.dashboards.sending.queueing import queue_due

    queue_due(datetime.fromtimestamp(timestamp, UTC))
