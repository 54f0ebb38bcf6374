"""What the timeline keeps of an account moves with it when it is merged."""

from __future__ import annotations

from keepwell.apps.customers.following import register_follower, rows_of
from keepwell.apps.timeline.models import TimelineEntry


def register() -> None:
    register_follower(rows_of("timeline entries", TimelineEntry))
