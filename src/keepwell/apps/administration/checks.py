"""How the installation is: every part with what it says and, where it is not well, what to do."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.administration.data_checks import channels, columns, letters, syncs, write_back
from keepwell.apps.customers.models import LakeWrite
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.workers import live_workers
from keepwell.apps.notices.queries import outbox
from keepwell.apps.usage.draining.claiming import backlog
from keepwell.apps.usage.models import Drained

_MANY = 100
_LONG_WAIT = 60  # seconds; a batch is moved about every second


@dataclass(frozen=True)
class Check:
    """`says`: what was found; `todo`: what to do about it, empty where all is well."""

    part: str
    says: str
    todo: str = ""

    @property
    def good(self) -> bool:
        return not self.todo


@dataclass(frozen=True)
class FailedJob:
    pk: int
    name: str
    attempts: int
    at: datetime | None


def all_checks(actor: Actor) -> list[Check]:
    """Every part of the installation, for those who administer."""
    require(actor, Permission.ADMINISTER)
    data = (Check(one.part, one.says, one.todo) for one in (syncs(), columns(), write_back(), channels(), letters()))
    return [database(), worker(), lake(), events(), *data, queue(), mail(), runs()]


def database() -> Check:
    """PostgreSQL answers."""
    try:
        ((version, size),) = _rows(
            "select current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))"
        )
        return Check("Database", f"PostgreSQL {version.split()[0]}, {size}")
    except DatabaseError as error:
        return Check("Database", _first_line(error), "See that PostgreSQL runs and that DATABASE_URL names it")


def worker() -> Check:
    """A worker gave a sign of life in the last half minute."""
    try:
        workers = live_workers()
    except DatabaseError as error:
        return Check(
            "Worker", _first_line(error), "Start `keepwell web` or `keepwell serve` again, which prepares the database"
        )
    if not workers:
        return Check(
            "Worker", "none runs", "Start one with `keepwell worker`; runs, mail and reminders wait until then"
        )
    return Check("Worker", f"{workers} at work")


def lake() -> Check:
    """The folder of facts can be read and written."""
    folder = Path(settings.ENVIRONMENT.data_dir) / "lake"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        facts = folder / "facts"
        tables = sum(1 for one in facts.iterdir() if one.is_dir()) if facts.exists() else 0
    except OSError as error:
        return Check(
            "Lake", f"{folder}: {error.strerror}", "Give this process the right to the folder of KEEPWELL_DATA_DIR"
        )
    if not os.access(folder, os.W_OK):
        return Check(
            "Lake", f"{folder} cannot be written", "Give this process the right to the folder of KEEPWELL_DATA_DIR"
        )
    waiting = LakeWrite.objects.filter(done_at=None).exclude(error="").order_by("number").first()
    if waiting is not None:
        says = f"1 write waits since {waiting.recorded_at:%Y-%m-%d %H:%M} UTC: {waiting.error.splitlines()[0]}"
        return Check("Lake", says, "Mend what it says; the worker tries again every minute, and those behind it follow")
    return Check("Lake", f"{tables} datasets in {folder}")


def events() -> Check:
    """What was accepted and is not in the lake yet, and the last batch that came there."""
    waiting, last = backlog(), Drained.objects.order_by("pk").first()
    batch = (
        f"last batch: {last.messages:,} messages, {last.resent:,} of them resent, in {last.seconds:.1f} s, "
        f"{last.ended_at:%Y-%m-%d %H:%M:%S} UTC"
        if last
        else "none came in so far"
    )
    age = (timezone.now() - waiting.oldest).total_seconds() if waiting.oldest else 0.0
    says = f"{waiting.messages:,} messages wait{f', the oldest {age:,.0f} s' if waiting.messages else ''}; {batch}"
    if age > _LONG_WAIT:
        return Check(
            "Events", says, "See whether `keepwell drain` runs and what its log says; `keepwell worker` has one"
        )
    return Check("Events", says)


def queue() -> Check:
    """Jobs that wait, and how long the oldest has."""
    ((waiting, doing, failed, age),) = _rows(
        "select count(*) filter (where status = 'todo'), count(*) filter (where status = 'doing'), "
        "count(*) filter (where status = 'failed'), "
        "coalesce(extract(epoch from now() - min(scheduled_at) "
        "filter (where status = 'todo' and scheduled_at < now())), 0) "
        "from procrastinate_jobs"
    )
    says = f"{waiting} waiting, {doing} being done, {failed} failed"
    if failed:
        return Check(
            "Jobs", says, "Look at the failed ones below: what the worker's log says of them, then try them again"
        )
    if waiting > _MANY or age > 600:
        return Check(
            "Jobs", says, "The worker does not keep up: see whether it runs, or start another `keepwell worker`"
        )
    return Check("Jobs", says)


def mail() -> Check:
    """Messages to people who work here: those that wait for a server, and those that were given up."""
    box = outbox(letters=False)
    says = f"{box.waiting} waiting, {box.failed} given up" + (f"; last: {box.last_error}" if box.last_error else "")
    if not settings.ENVIRONMENT.mail_url:
        return Check(
            "Mail", says, "Name a mail server in KEEPWELL_MAIL_URL; until then mail waits, invitations included"
        )
    if box.failed:
        return Check("Mail", says, "Mend what the server says, then send them again")
    return Check("Mail", says)


def runs() -> Check:
    """The newest run that ended, and whether it ended well."""
    last = Run.objects.exclude(ended_at=None).order_by("-ended_at").first()
    if last is None:
        return Check("Runs", "none yet", "Publish definitions and ask for a run")
    says = f"{last.as_of}: {last.status}" + (f", {last.error.splitlines()[0]}" if last.error else "")
    return Check(
        "Runs", says, "Mend what it says, then ask for the run again" if last.status == RunStatus.FAILED else ""
    )


_FAILED = (
    "select job.id, job.task_name, job.attempts, (select max(at) from procrastinate_events where job_id = job.id) "
    "from procrastinate_jobs job where job.status = 'failed'"
)


def failed_jobs(limit: int = 20) -> list[FailedJob]:
    """The newest jobs that were given up."""
    return [FailedJob(*row) for row in _rows(f"{_FAILED} order by job.id desc limit {int(limit)}")]


def failed_job(job_id: int) -> FailedJob | None:
    """One that was given up; None for a job that waits, is being done, was done or never was."""
    return next((FailedJob(*row) for row in _rows(f"{_FAILED} and job.id = {int(job_id)} for update of job")), None)


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
