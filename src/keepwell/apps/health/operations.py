"""Writes: asking for runs."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.health.models import Run


@transaction.atomic
def ask_for_run(*, actor: Actor, as_of: date) -> Run:
    """A run of a date, done by a worker."""
    from keepwell.apps.health.jobs import run as job

    require(actor, Permission.RUN)
    run = Run.objects.create(as_of=as_of, asked_by=actor.name)
    record(actor, "asked for", kind="run", of=run.pk, name=f"run of {as_of}")
    job.defer(run_id=run.pk)
    return run
