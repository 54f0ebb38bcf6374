"""Jobs of health: runs, nightly and asked for; a job that was killed is done again by the next worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from procrastinate import Blueprint, RetryStrategy

from keepwell.apps.health import lanes

blueprint = Blueprint()
RUNS = "health.runs"
"""The lock of everything that writes runs: workers take such jobs one after another."""
_HOUR, _MINUTE = settings.ENVIRONMENT.nightly or (2, 0)
_AGAIN = RetryStrategy(max_attempts=3, wait=5)


@blueprint.task(name="run", queue=lanes.RUNS, retry=_AGAIN, lock=RUNS)
def run(run_id: int) -> None:
    """Carries out one run; one that is done already is left alone."""
    from keepwell.apps.configuration.queries import current_version
    from keepwell.apps.configuration.queries import version as numbered
    from keepwell.apps.health.models import Run, RunStatus
    from keepwell.apps.health.operations import after_nightly
    from keepwell.apps.health.running import carry_out

    found = Run.objects.get(pk=run_id)
    begun = found.status == RunStatus.RUNNING and found.version_number is not None
    version = numbered(found.version_number or 0) if begun else current_version()
    if version is None:
        return
    if found.status != RunStatus.DONE:
        carry_out(found, version)
    after_nightly(found, version)


@blueprint.task(name="restate", queue=lanes.RUNS, retry=_AGAIN, lock=RUNS)
def restate(run_ids: Sequence[int]) -> None:
    """Scores dates of the past again; those that are done are left alone."""
    from keepwell.apps.configuration.queries import current_version
    from keepwell.apps.health.models import Run
    from keepwell.apps.health.restating import restate as carry_out

    version = current_version()
    if version is not None:
        carry_out(version, list(Run.objects.filter(pk__in=run_ids).order_by("as_of")))


@blueprint.task(name="late", queue=lanes.RUNS, retry=_AGAIN, lock=RUNS, queueing_lock="health.late")
def late() -> None:
    """Looks which dates of the past late facts have touched, and scores them again."""
    from keepwell.apps.health.operations import restate_late

    restate_late()


@blueprint.task(name="loaded", queueing_lock="health:loaded", lock="health:loaded")
def loaded() -> None:
    """Asks for a run with the rows that syncs and imports brought; later, where one was asked for a moment ago."""
    from datetime import timedelta

    from keepwell.apps.access.asking import ask_once
    from keepwell.apps.health.loading import score_what_was_loaded

    done = score_what_was_loaded()
    if isinstance(done, timedelta):
        ask_once("health:loaded", later=int(done.total_seconds()) + 1)


@blueprint.task(name="rescore", retry=_AGAIN)
def rescore(account_ids: Sequence[str]) -> None:
    """Accounts with the ledgers as they are now; doing it twice gives the same."""
    from keepwell.apps.health.rescoring import rescore as carry_out

    carry_out(account_ids)


@blueprint.task(name="rebuild", queue=lanes.BUILDS, retry=_AGAIN)
def rebuild(run_id: int) -> None:
    """Builds the values of an old date again; those that are at hand are left alone."""
    from keepwell.apps.health.models import Run
    from keepwell.apps.health.rebuilding import carry_out

    carry_out(Run.objects.get(pk=run_id))


@blueprint.periodic(cron="20 * * * *")
@blueprint.task(name="retain", queueing_lock="health.retain", lock="health.retain")
def retain(timestamp: int) -> None:
    """Deletes values of runs that are older than the installation keeps them. `timestamp` is when it was due."""
    from keepwell.apps.health.retaining import retain_values

    if settings.ENVIRONMENT.keep_values is not None:
        retain_values(settings.ENVIRONMENT.keep_values)


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="nightly", queueing_lock="health.nightly", lock="health.nightly")
def nightly(timestamp: int) -> None:
    """Asks for the nightly run once it is due; one that was due while no worker was there is made up for."""
    from keepwell.apps.health.operations import ask_nightly, last_due

    if settings.ENVIRONMENT.nightly is not None:
        now = datetime.fromtimestamp(timestamp, UTC)
        ask_nightly(due=last_due(now, *settings.ENVIRONMENT.nightly), now=now)


@blueprint.periodic(cron=f"{(_MINUTE + 30) % 60} {(_HOUR + 4) % 24} * * *")
@blueprint.task(name="remind", queueing_lock="health.remind", lock="health.remind")
def remind(timestamp: int) -> None:
    """Tells owners of entered scores that went stale. `timestamp` is when it was due."""
    from keepwell.apps.health.reminding import remind_owners

    remind_owners(datetime.fromtimestamp(timestamp, UTC))
