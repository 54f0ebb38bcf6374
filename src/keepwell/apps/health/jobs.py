"""Jobs of health: runs, nightly and asked for; a job that was killed is done again by the next worker."""

from __future__ import annotations

from procrastinate import Blueprint, RetryStrategy

blueprint = Blueprint()


@blueprint.task(name="run", retry=RetryStrategy(max_attempts=3, wait=5), queueing_lock=None)
def run(run_id: int) -> None:
    """Carries out one run; one that is done already is left alone."""
    from keepwell.apps.configuration.queries import current_version
    from keepwell.apps.health.models import Run, RunStatus
    from keepwell.apps.health.running import carry_out

    found = Run.objects.get(pk=run_id)
    version = current_version()
    if found.status != RunStatus.DONE and version is not None:
        carry_out(found, version)
