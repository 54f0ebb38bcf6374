"""When something that people enter counts from: now, or the day that scores are of where that lies further back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.scored import latest_run
from keepwell.engine.moments import end_of_day
from keepwell.errors import RequestRefused


@dataclass(frozen=True)
class Dates:
    """`now`, the `today` of the project's zone, and the date the shown scores are of (today where there are none)."""

    now: datetime
    today: date
    shown: date
    zone: str

    @property
    def counting(self) -> date:
        """The day on which what is entered now counts at once."""
        return min(self.today, self.shown)

    def moment(self, day: date) -> datetime:
        """`now` on today, else the end of the day: later on a day goes before earlier."""
        return self.now if day >= self.today else end_of_day(day, self.zone).replace(tzinfo=UTC)

    def expiry(self, day: date | None) -> datetime | None:
        """The end of a last day."""
        return None if day is None else end_of_day(day, self.zone).replace(tzinfo=UTC)

    def past(self, day: date | None) -> date:
        """`day`, or the day that counts at once. Raises RequestRefused for a day to come."""
        if day is not None and day > self.today:
            raise RequestRefused(f"{day} has not come yet: choose {self.today} or an earlier date")
        return day or self.counting

    def last(self, day: date | None, since: date) -> datetime | None:
        """The end of a last day. Raises RequestRefused where that lies before `since`."""
        if day is not None and day < since:
            raise RequestRefused(f"it would end on {day}, before it begins on {since}: choose a later end or none")
        return self.expiry(day)


def dates(now: datetime | None = None) -> Dates:
    project, run, moment = current_project(), latest_run(), now or timezone.now()
    zone = project.settings.time_zone if project else "UTC"
    today = moment.astimezone(ZoneInfo(zone)).date()
    return Dates(moment, today, run.as_of if run else today, zone)
