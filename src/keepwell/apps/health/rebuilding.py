"""Values of old dates, built again when somebody asks for them: by a worker, while their page waits."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from keepwell.apps.health.keeping import keep_values
from keepwell.apps.health.models import Rebuild, Run, RunStatus
from keepwell.apps.health.states import is_at_hand, scored_again
from keepwell.errors import KeepwellError

MAX_ATTEMPTS = 3


@transaction.atomic
def ask_for_values(run: Run) -> Rebuild | None:
    """A rebuild of the run's values, asked for once and again where it failed before; None where they are at hand."""
    from keepwell.apps.health.jobs import rebuild as job

    if is_at_hand(run):
        return None
    found, is_new = Rebuild.objects.select_for_update().get_or_create(run=run)
    if is_new or found.status == RunStatus.DONE:
        found.status, found.attempts, found.asked_at = RunStatus.WAITING, 0, timezone.now()
        found.save()
        job.defer(run_id=run.pk)
    return found


@transaction.atomic
def ask_again(run: Run) -> Rebuild | None:
    """As `ask_for_values`, after one that failed."""
    Rebuild.objects.filter(run=run, status=RunStatus.FAILED).delete()
    return ask_for_values(run)


def carry_out(run: Run) -> None:
    """Builds the values into the run's file; what fails is told in the rebuild."""
    found = Rebuild.objects.filter(run=run).exclude(status=RunStatus.DONE).first()
    if found is None:
        return
    found.status, found.began_at, found.attempts = RunStatus.RUNNING, timezone.now(), found.attempts + 1
    found.save()
    try:
        if found.attempts > MAX_ATTEMPTS:
            raise KeepwellError(f"its process ended {MAX_ATTEMPTS} times before it was done")
        if not is_at_hand(run):
            keep_values(run, scored_again(run).values)
            run.save(update_fields=["values_file"])
        found.status = RunStatus.DONE
    except KeepwellError as error:
        found.status, found.error = RunStatus.FAILED, str(error)
    found.save()
