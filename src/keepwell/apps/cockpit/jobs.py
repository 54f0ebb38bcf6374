"""Jobs of the cockpit; doing one again changes nothing twice."""

from __future__ import annotations

from procrastinate import Blueprint

blueprint = Blueprint()


@blueprint.periodic(cron="*/10 * * * *")
@blueprint.task(name="tend", queueing_lock="cockpit.tend", lock="cockpit.tend")
def tend(timestamp: int) -> None:
    """Wakes up what slept long enough, passes on what people left behind. `timestamp` is when it was due."""
    from keepwell.apps.cockpit.tending import pass_on, wake_up

    wake_up()
    pass_on()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="value", queueing_lock="cockpit.value", lock="cockpit.value")
def value(timestamp: int) -> None:
    """What is at risk with each open call, after scores, revenue and days went on."""
    from keepwell.apps.cockpit.valuing import renew_values

    renew_values()


@blueprint.periodic(cron="45 * * * *")
@blueprint.task(name="measure", queueing_lock="cockpit.measure", lock="cockpit.measure")
def measure(timestamp: int) -> None:
    """Score and revenue 30, 60 and 90 days after calls were closed, as soon as the day is scored."""
    from keepwell.apps.cockpit.measuring import record_due
    from keepwell.apps.health.dating import dates

    record_due(dates().today)
