"""Writes: schedules are set up, changed, ended, left and sent at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, Forbidden, NotVisible, Person, require
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.dashboards.catalogue import dashboard_for
from keepwell.apps.dashboards.narrowing import query_of
from keepwell.apps.dashboards.sending.models import Schedule
from keepwell.apps.dashboards.sending.moments import next_moment
from keepwell.apps.dashboards.sending.queries import may_change, schedule_for
from keepwell.apps.dashboards.sending.queueing import end, write_for
from keepwell.errors import FieldRefused

KIND = "dashboard by mail"
MOST_RECIPIENTS = 100
EVERY = ("day", "week", "month")


@dataclass(frozen=True)
class Said:
    """`recipients`: numbers of people. `weekday`: Monday is 0; `day`: of the month, its last where it is shorter."""

    recipients: Sequence[int]
    every: str
    at: time
    zone: str
    weekday: int = 0
    day: int = 1
    with_csv: bool = False
    with_pdf: bool = False


@transaction.atomic
def make_schedule(*, actor: Actor, key: str, said: Said, query: str = "") -> Schedule:
    """Of a dashboard that the actor may open, as they have it narrowed. Raises NotVisible, Forbidden, FieldRefused."""
    require(actor, Permission.VIEW)
    if actor.user is None:
        raise FieldRefused("", "what is mailed belongs to somebody who signs in")
    shown = dashboard_for(actor, key)
    people = _checked(said, key)
    made = Schedule(key=key, title=shown.title[:200], query=query_of(shown, query), owner=actor.user)
    _write(made, said, people)
    record(actor, "set up", kind=KIND, of=made.pk, name=made.title, after=_plain(said))
    return made


@transaction.atomic
def change_schedule(*, actor: Actor, schedule_id: int, said: Said) -> Schedule:
    """Its owner may, and who administers. Raises NotVisible, Forbidden, FieldRefused."""
    held = _held(actor, schedule_id)
    people = _checked(said, held.key)
    before = _plain(said_of(held))
    _write(held, said, people)
    record(actor, "changed", kind=KIND, of=held.pk, name=held.title, before=before, after=_plain(said))
    return held


@transaction.atomic
def end_schedule(*, actor: Actor, schedule_id: int) -> Schedule:
    """Nothing more is mailed, what waits in the outbox included; doing it twice changes nothing."""
    held = _held(actor, schedule_id, ended=True)
    if held.ended_at is None:
        end(held, f"{actor.name} ended it", timezone.now())
        record(actor, "ended", kind=KIND, of=held.pk, name=held.title)
    return held


@transaction.atomic
def leave_schedule(*, actor: Actor, schedule_id: int) -> Schedule:
    """A recipient wants it no more; it ends with the last of them."""
    schedule_for(actor, schedule_id)
    held = Schedule.objects.select_for_update().get(pk=schedule_id)
    if actor.user is None or not held.recipients.filter(pk=actor.user.pk).exists():
        raise Forbidden(f"{actor.name} does not get it, and cannot leave it")
    held.recipients.remove(actor.user)
    record(actor, "left", kind=KIND, of=held.pk, name=held.title)
    if held.ended_at is None and not held.recipients.exists():
        end(held, "nobody wants it any more", timezone.now())
    return held


@transaction.atomic
def send_now(*, actor: Actor, schedule_id: int) -> int:
    """To every recipient, beside its times. Returns how many letters; twice within a minute is once."""
    held = _held(actor, schedule_id)
    moment = timezone.now().replace(second=0, microsecond=0)
    count = write_for(held, held.recipients.filter(is_active=True), moment)
    record(actor, "sent", kind=KIND, of=held.pk, name=held.title, after={"letters": count})
    return count


def said_of(schedule: Schedule) -> Said:
    return Said(
        [one.pk for one in schedule.recipients.all()], schedule.every, schedule.at, schedule.zone, schedule.weekday,
        schedule.day, schedule.with_csv, schedule.with_pdf,
    )  # fmt: skip


def _held(actor: Actor, schedule_id: int, *, ended: bool = False) -> Schedule:
    found = schedule_for(actor, schedule_id)
    if not may_change(actor, found):
        raise Forbidden(f"{found.owner} set it up; they and admins may change it")
    held = Schedule.objects.select_for_update().get(pk=schedule_id)
    if held.ended_at is not None and not ended:
        raise FieldRefused("", f"it has ended: {held.ended_why}; set up another one")
    return held


def _write(schedule: Schedule, said: Said, people: Sequence[User]) -> None:
    for name in ("every", "at", "zone", "weekday", "day", "with_csv", "with_pdf"):
        setattr(schedule, name, getattr(said, name))
    schedule.next_at = next_moment(schedule.rhythm, timezone.now())
    schedule.save()
    schedule.recipients.set(people)


def _checked(said: Said, key: str) -> list[User]:
    """The recipients. Raises FieldRefused."""
    if said.every not in EVERY:
        raise FieldRefused("every", f"'{said.every}' is no rhythm; there are: {', '.join(EVERY)}")
    if said.zone not in available_timezones():
        raise FieldRefused("zone", f"'{said.zone}' is no time zone; name one such as Europe/Berlin or UTC")
    if not 0 <= said.weekday <= 6:
        raise FieldRefused("weekday", "days of the week are 0, Monday, to 6, Sunday")
    if not 1 <= said.day <= 31:
        raise FieldRefused("day", "days of the month are 1 to 31; a month that is shorter has it on its last")
    people = list(User.objects.filter(pk__in=said.recipients, is_active=True).order_by("pk"))
    if not people or len(people) > MOST_RECIPIENTS or len(people) != len(set(said.recipients)):
        raise FieldRefused("recipients", f"choose 1 to {MOST_RECIPIENTS} people who work here")
    if unreachable := [str(one) for one in people if not one.email]:
        raise FieldRefused("recipients", f"{', '.join(unreachable)} has no e-mail address: add one, or leave them out")
    blind = [str(one) for one in people if not _may_open(one, key)]
    if blind:
        raise FieldRefused("recipients", f"{', '.join(blind)} may not open this dashboard: share it with them first")
    return people


def _may_open(user: User, key: str) -> bool:
    try:
        dashboard_for(Person(user), key)
    except (NotVisible, Forbidden):
        return False
    return True


def _plain(said: Said) -> dict[str, Any]:
    return {**asdict(said), "recipients": sorted(said.recipients), "at": said.at.isoformat("minutes")}
