"""Schedules that are due become letters in the outbox, in one transaction with the next moment: killed anywhere, the
next worker goes on, and each recipient has one letter a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from keepwell.apps.access.models import User
from keepwell.apps.dashboards.sending.models import MailedDashboard, Schedule
from keepwell.apps.dashboards.sending.moments import next_moment
from keepwell.apps.dashboards.sending.telling import tell_ended
from keepwell.apps.notices.outbox import write_letters

COMPOSER = "dashboard"
OWNER_LEFT = "whoever set it up has left"


def queue_due(now: datetime) -> int:
    """Returns how many letters. What was missed while nothing ran is made up for once, not for each moment."""
    due = Schedule.objects.filter(ended_at=None, next_at__lte=now).order_by("next_at", "pk")
    return sum(_queue(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _queue(schedule_id: int, now: datetime) -> int:
    held = Schedule.objects.select_for_update(skip_locked=True, of=("self",)).select_related("owner")
    schedule = held.filter(pk=schedule_id, ended_at=None, next_at__lte=now).first()
    if schedule is None or schedule.next_at is None:
        return 0
    if not schedule.owner.is_active:
        end(schedule, OWNER_LEFT, now)
        tell_ended(schedule)
        return 0
    written = write_for(schedule, schedule.recipients.filter(is_active=True), schedule.next_at)
    schedule.last_at, schedule.next_at = schedule.next_at, next_moment(schedule.rhythm, now)
    schedule.save(update_fields=["last_at", "next_at"])
    return written


def write_for(schedule: Schedule, users: Iterable[User], moment: datetime) -> int:
    """One letter for each of them and this moment, however often it is asked for."""
    rows = [MailedDashboard(schedule=schedule, user=one, moment=moment) for one in users]
    MailedDashboard.objects.bulk_create(rows, ignore_conflicts=True)
    of_moment = MailedDashboard.objects.filter(schedule=schedule, moment=moment, user__in=[one.user for one in rows])
    return write_letters(COMPOSER, [(f"dashboard:{pk}", str(pk)) for pk in of_moment.values_list("pk", flat=True)])


def end(schedule: Schedule, why: str, now: datetime) -> None:
    schedule.ended_at, schedule.ended_why, schedule.next_at = now, why, None
    schedule.save(update_fields=["ended_at", "ended_why", "next_at"])
