"""Jobs of imports: one carries on wherever an import stands; one that was killed is done again by the next worker."""

from __future__ import annotations

from procrastinate import Blueprint, RetryStrategy

blueprint = Blueprint()
QUEUE = "builds"
"""The lane of what somebody looks at a page for."""


@blueprint.task(name="carry on", queue=QUEUE, retry=RetryStrategy(max_attempts=3, wait=5), lock="connectors.imports")
def carry_on(import_id: int) -> None:
    """Checks, takes or undoes an import, by its status; one that is done is left alone."""
    from keepwell.apps.connectors.importing.carrying import carry_on as go

    go(import_id)


@blueprint.periodic(cron="50 3 * * *")
@blueprint.task(name="retain imports", queueing_lock="connectors.imports.retain")
def retain(timestamp: int) -> None:
    """Deletes the files of imports that can no longer be undone, and of those that nobody went on with."""
    from keepwell.apps.connectors.importing.carrying import delete_old_files

    delete_old_files()
