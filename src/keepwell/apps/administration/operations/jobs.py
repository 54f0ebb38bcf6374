"""Jobs that were given up, asked for once more."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.administration.checks import FailedJob, failed_job
from keepwell.apps.audit.operations import record


@transaction.atomic
def retry_job(*, actor: Actor, job_id: int) -> FailedJob:
    """A worker does it again as soon as one is free. Raises NotVisible for a job that did not fail."""
    require(actor, Permission.ADMINISTER)
    found = failed_job(job_id)
    if found is None:
        raise NotVisible
    app.job_manager.retry_job_by_id(job_id, retry_at=timezone.now())
    record(actor, "tried again", kind="job", of=job_id, name=found.name)
    return found
