"""The job of an experiment; one that was killed is done again by the next worker, from the dates that it had done."""

from __future__ import annotations

from procrastinate import Blueprint, RetryStrategy

from keepwell.apps.health.lanes import BUILDS

blueprint = Blueprint()


@blueprint.task(name="carry out", queue=BUILDS, retry=RetryStrategy(max_attempts=3, wait=5))
def carry_out(experiment_id: int) -> None:
    """What is done or was cancelled is left alone."""
    from keepwell.apps.experiments.making import make
    from keepwell.apps.experiments.models import ENDED, Experiment

    found = Experiment.objects.filter(pk=experiment_id).first()
    if found is not None and found.status not in ENDED:
        make(found)


@blueprint.periodic(cron="35 * * * *")
@blueprint.task(name="retain", queueing_lock="experiments.retain", lock="experiments.retain")
def retain(timestamp: int) -> None:
    """Deletes lists of accounts behind figures that were made a while ago. `timestamp` is when it was due."""
    from keepwell.apps.experiments.retaining import retain_behind

    retain_behind()


@blueprint.periodic(cron="20 4 1-7 * *")
@blueprint.task(name="whether chances hold", queueing_lock="experiments.chances")
def whether_chances_hold(timestamp: int) -> None:
    """In the first days of each month, so that a worker that rests on the first loses nothing; asked once."""
    from django.utils import timezone

    from keepwell.apps.experiments.calibration.alarming import look_at_last_month

    look_at_last_month(timezone.localdate())
