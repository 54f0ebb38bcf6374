"""Days of advocacy are days in the project's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.definitions.project import Project


def zone_of(project: Project | None) -> ZoneInfo:
    return ZoneInfo(project.settings.time_zone if project else "UTC")


def today(now: datetime | None = None) -> date:
    return (now or timezone.now()).astimezone(zone_of(current_project())).date()


def noon_of(day: date, zone: ZoneInfo) -> datetime:
    """A moment of a day, in UTC."""
    return datetime.combine(day, time(12), zone).astimezone(UTC)
