"""What is over is forgotten: codes that open nothing any more, and counts of misses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from procrastinate import Blueprint

blueprint = Blueprint()
_KEPT = timedelta(days=7)


@blueprint.periodic(cron="17 * * * *")
@blueprint.task(name="tidy", queueing_lock="customer_pages:tidy", lock="customer_pages:tidy")
def tidy(timestamp: int) -> None:
    """Links and what they showed are kept: they say who was shown what."""
    from keepwell.apps.customer_pages.links import GUESSING
    from keepwell.apps.customer_pages.models import PageCode

    PageCode.objects.filter(made_at__lt=datetime.fromtimestamp(timestamp, UTC) - _KEPT).delete()
    GUESSING.forget_old()
