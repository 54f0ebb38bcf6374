"""Days as pages for customers count them: those of the project's time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from keepwell.apps.cockpit.calendars import usual_calendar


def local_day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(usual_calendar().zone)).date()
