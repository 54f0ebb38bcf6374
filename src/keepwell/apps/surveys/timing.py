"""Days as surveys count them: those of the project's time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.surveys.models import Invitation


def zone() -> ZoneInfo:
    project = current_project()
    return ZoneInfo(project.settings.time_zone if project else "UTC")


def today(now: datetime | None = None) -> date:
    return (now or timezone.now()).astimezone(zone()).date()


def is_closed(invitation: Invitation, now: datetime | None = None) -> bool:
    """Whether its last day has passed, or its anonymous link was closed."""
    return is_closed_on(invitation, today(now))


def is_closed_on(invitation: Invitation, day: date) -> bool:
    """The same as of a day."""
    if invitation.link is not None and invitation.link.closed_at is not None:
        return True
    return invitation.closes_on is not None and day > invitation.closes_on
