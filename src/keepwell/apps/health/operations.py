"""Writes: asking for runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, System, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.queries import current_project, current_version
from keepwell.apps.health.models import Run, RunPurpose, RunStatus
from keepwell.apps.health.scored import latest_run
from keepwell.errors import RequestRefused


@transaction.atomic
def ask_for_run(*, actor: Actor, as_of: date) -> Run:
    """A run of a date with what is known now, done by a worker; one that waits already is not asked for twice.

    Raises Forbidden, and RequestRefused for a date to come or where nothing is published.
    """
    require(actor, Permission.RUN)
    if current_project() is None:
        raise RequestRefused("nothing is published yet: publish a first version with `keepwell apply FOLDER`")
    if as_of > today():
        raise RequestRefused(f"{as_of} has not come yet: choose {today()} or an earlier date")
    waiting = Run.objects.filter(as_of=as_of, status=RunStatus.WAITING, purpose=RunPurpose.ASKED).first()
    return waiting or _asked(actor, as_of, RunPurpose.ASKED, timezone.now())


@transaction.atomic
def ask_nightly(*, due: datetime, now: datetime) -> Run | None:
    """The run of today with what is known now; the one there is where it was asked for since `due` already."""
    project = current_project()
    if project is None:
        return None
    found = Run.objects.filter(purpose=RunPurpose.NIGHTLY, known_at__gte=due).order_by("known_at").first()
    day = now.astimezone(ZoneInfo(project.settings.time_zone)).date()
    return found or _asked(System("nightly"), day, RunPurpose.NIGHTLY, now)


def last_due(now: datetime, hour: int, minute: int) -> datetime:
    """The last time at or before `now` (UTC) that had this hour and minute."""
    today_at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today_at if today_at <= now else today_at - timedelta(days=1)


def after_nightly(run: Run, version: Version) -> None:
    """What arrived late restates dates of the past; asked for again it finds what it found before."""
    from keepwell.apps.health.jobs import restate
    from keepwell.apps.health.restating import plan_restatement

    run.refresh_from_db()
    if run.purpose != RunPurpose.NIGHTLY or run.status != RunStatus.DONE or run.known_at is None:
        return
    with transaction.atomic():
        runs = plan_restatement(version, run.as_of, run.known_at)
        if runs:
            restate.defer(run_ids=[one.pk for one in runs])


def restate_late() -> None:
    """Scores the dates before the newest run again that facts have come for since."""
    from keepwell.apps.health.restating import plan_restatement, restate

    version, run = current_version(), latest_run()
    if version is not None and run is not None:
        restate(version, plan_restatement(version, run.as_of, timezone.now()))


def today() -> date:
    """The day it is in the project's time zone."""
    project = current_project()
    return timezone.now().astimezone(ZoneInfo(project.settings.time_zone if project else "UTC")).date()


def _asked(actor: Actor, as_of: date, purpose: RunPurpose, known_at: datetime) -> Run:
    from keepwell.apps.health.jobs import run as job

    run = Run.objects.create(as_of=as_of, asked_by=actor.name, purpose=purpose, known_at=known_at)
    record(actor, "asked for", kind="run", of=run.pk, name=f"run of {as_of}")
    job.defer(run_id=run.pk)
    return run
