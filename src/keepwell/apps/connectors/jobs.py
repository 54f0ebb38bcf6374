"""Jobs of connectors: what is due is asked for every minute, and done in a lane of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import Blueprint, RetryStrategy

blueprint = Blueprint()
LANE = "pulls"
"""The queue of everything that talks to other systems and may take long."""

_AGAIN = RetryStrategy(max_attempts=6, exponential_wait=4)


def defer_run(run_id: int, dataset: str) -> None:
    """In the transaction that asks for the run. Runs into one dataset are done one after another."""
    run.configure(lock=f"connectors.dataset.{dataset}").defer(run_id=run_id)


def defer_sending(sending_id: int, export: str) -> None:
    send.configure(lock=f"connectors.export.{export}").defer(sending_id=sending_id)


@blueprint.task(name="run", queue=LANE, retry=_AGAIN)
def run(run_id: int) -> None:
    """Carries out one run; one that has ended is left alone."""
    from keepwell.apps.connectors.models import SyncRun
    from keepwell.apps.connectors.pulling import carry_out

    found = SyncRun.objects.select_related("sync", "sync__connection").filter(pk=run_id).first()
    if found is not None:
        carry_out(found)


@blueprint.task(name="send", queue=LANE, retry=_AGAIN)
def send(sending_id: int) -> None:
    """Carries out one sending; one that has ended is left alone."""
    from keepwell.apps.connectors.models import Sending
    from keepwell.apps.connectors.sending import carry_out

    found = Sending.objects.select_related("export", "export__connection").filter(pk=sending_id).first()
    if found is not None:
        carry_out(found)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="due", queueing_lock="connectors.due", lock="connectors.due")
def due(timestamp: int) -> None:
    """Asks for what is due, and tells of data that is late. `timestamp` is when it was due."""
    from keepwell.apps.connectors.operations.due import ask_for_what_is_due, tell_of_what_is_late

    now = datetime.fromtimestamp(timestamp, UTC)
    ask_for_what_is_due(now)
    tell_of_what_is_late(now)
