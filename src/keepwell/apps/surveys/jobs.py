"""Jobs of surveys; one that was killed is done again by the next worker and asks nobody twice."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import Blueprint, RetryStrategy

from keepwell.apps.health import lanes

blueprint = Blueprint()
_AGAIN = RetryStrategy(max_attempts=4, wait=2, exponential_wait=3)


@blueprint.task(name="carry out", queue=lanes.LETTERS, retry=_AGAIN, pass_context=False)
def carry_out(send_id: int) -> None:
    """A send: whom it asks is decided, and they are invited."""
    from keepwell.apps.surveys.sending.inviting import carry_out as invite

    invite(send_id)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="queue", queue=lanes.LETTERS, queueing_lock="surveys:queue", lock="surveys:queue")
def queue(timestamp: int) -> None:
    """Letters that wait go into the outbox, and sends that a lost job left are carried out."""
    from keepwell.apps.surveys.sending.inviting import carry_out_left
    from keepwell.apps.surveys.sending.queueing import queue_letters

    carry_out_left(datetime.fromtimestamp(timestamp, UTC))
    queue_letters()


@blueprint.periodic(cron="*/10 * * * *")
@blueprint.task(name="tend", queue=lanes.LETTERS, queueing_lock="surveys:tend", lock="surveys:tend")
def tend(timestamp: int) -> None:
    """Reminders that are due, and responses that were left unfinished."""
    from keepwell.apps.surveys.respondents.limits import forget_old
    from keepwell.apps.surveys.tending import count_left, remind

    now = datetime.fromtimestamp(timestamp, UTC)
    remind(now)
    count_left(now)
    forget_old()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="triggers", queue=lanes.RULES, queueing_lock="surveys:triggers", lock="surveys:triggers")
def triggers(timestamp: int) -> None:
    """Schedules of surveys that became due, and moments that surveys wait for."""
    from keepwell.apps.surveys.triggers import act

    act(datetime.fromtimestamp(timestamp, UTC))
