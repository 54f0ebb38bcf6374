"""Jobs of the editor: values of metrics that the last run did not compute, and backtests of drafts."""

from __future__ import annotations

from procrastinate import Blueprint, RetryStrategy

from keepwell.apps.health.lanes import BUILDS

blueprint = Blueprint()


@blueprint.task(name="build", queue=BUILDS, retry=RetryStrategy(max_attempts=3, wait=5))
def build(built_id: int) -> None:
    """Builds one thing; what is done already is left alone."""
    from keepwell.apps.scorecards.building import carry_out
    from keepwell.apps.scorecards.models import Built, Status

    found = Built.objects.filter(pk=built_id).first()
    if found is not None and found.status != Status.DONE:
        carry_out(found)


@blueprint.periodic(cron="25 * * * *")
@blueprint.task(name="retain", queueing_lock="scorecards.retain", lock="scorecards.retain")
def retain(timestamp: int) -> None:
    """Deletes values that were built for drafts a while ago. `timestamp` is when it was due."""
    from keepwell.apps.scorecards.retaining import retain_built

    retain_built()
