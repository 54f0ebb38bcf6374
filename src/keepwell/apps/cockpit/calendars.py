"""By which calendar somebody's dates are found: their own choice, else what the project's settings say."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import available_timezones

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.business_days import Calendar, checked_holidays
from keepwell.apps.configuration.queries import current_project
from keepwell.errors import FieldRefused, RequestRefused

_KEY = "calendar"


def usual_calendar() -> Calendar:
    """Of whoever chose none."""
    project = current_project()
    return Calendar(project.settings.time_zone, project.settings.holidays) if project else Calendar()


def calendar_of(user: User | None, usual: Calendar | None = None) -> Calendar:
    """`usual` where it is known already."""
    found = usual or usual_calendar()
    chosen = user.preferences.get(_KEY, {}) if user else {}
    return Calendar(chosen.get("zone") or found.zone, chosen.get("holidays", found.holidays))


def today_of(user: User | None, now: datetime | None = None) -> date:
    """The day it is for somebody."""
    return calendar_of(user).today(now or timezone.now())


@transaction.atomic
def choose_calendar(*, actor: Actor, zone: str, holidays: str) -> Calendar:
    """One's own zone and holidays; dates that were found already stay."""
    require(actor, Permission.VIEW)
    if actor.user is None:
        raise FieldRefused("zone", "a calendar belongs to somebody who signs in")
    if zone not in available_timezones():
        raise FieldRefused("zone", f"'{zone}' is no time zone; name one such as Europe/Berlin or America/New_York")
    try:
        code = checked_holidays(holidays)
    except RequestRefused as refused:
        raise FieldRefused("holidays", str(refused)) from None
    user = User.objects.select_for_update().get(pk=actor.user.pk)
    before, chosen = user.preferences.get(_KEY, {}), {"zone": zone, "holidays": code}
    user.preferences = {**user.preferences, _KEY: chosen}
    user.save(update_fields=["preferences"])
    record(actor, "chose calendar", kind="person", of=user.pk, name=str(user), before=before, after=chosen)
    return Calendar(zone, code)
