"""Schedules that are due, every minute; what was missed is made up for once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from procrastinate import Blueprint

from keepwell.apps.health import lanes

blueprint = Blueprint()
_KEPT = timedelta(days=180)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="mail", queue=lanes.LETTERS, queueing_lock="dashboards:mail", lock="dashboards:mail")
def mail(timestamp: int) -> None:
    """Letters into the outbox; each is made when it leaves."""
    from keepwell.apps.dashboards.sending.queueing import queue_due

    queue_due(datetime.fromtimestamp(timestamp, UTC))


@blueprint.periodic(cron="27 * * * *")
@blueprint.task(name="tidy", queueing_lock="dashboards:tidy", lock="dashboards:tidy")
def tidy(timestamp: int) -> None:
    """What became of letters long ago, and counts of misses of links, are forgotten."""
    from keepwell.apps.dashboards.embedding.finding import GUESSING
    from keepwell.apps.dashboards.sending.models import MailedDashboard

    old = datetime.fromtimestamp(timestamp, UTC) - _KEPT
    MailedDashboard.objects.filter(ended_at__lt=old).delete()
    GUESSING.forget_old()
