"""Jobs of texts; one that was killed is done again by the next worker, and goes on where it was."""

from __future__ import annotations

from django.conf import settings
from procrastinate import Blueprint, RetryStrategy

from keepwell.apps.access.asking import ask_once
from keepwell.apps.health import lanes

blueprint = Blueprint()
_AGAIN = RetryStrategy(max_attempts=4, wait=2, exponential_wait=3)
_HOUR, _MINUTE = settings.ENVIRONMENT.nightly or (2, 0)
SWEEP = "sentiment:sweep"


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="judge", retry=_AGAIN, queueing_lock="sentiment:judge", lock="sentiment:judge")
def judge(timestamp: int) -> None:
    """Texts came. `timestamp`: of the schedule, not used."""
    from keepwell.apps.sentiment.judging import judge_news

    judge_news()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="sweep", queue=lanes.BUILDS, retry=_AGAIN, queueing_lock=SWEEP, lock=SWEEP)
def sweep(timestamp: int) -> None:
    """Texts that are judged otherwise now, and those that data brought. `timestamp`: of the schedule, not used."""
    from keepwell.apps.sentiment.sweeping import sweep as carry_out

    if carry_out():
        ask_once(SWEEP, timestamp=0)


@blueprint.periodic(cron=f"{(_MINUTE + 10) % 60} {(_HOUR + 1) % 24} * * *")
@blueprint.task(name="train", queue=lanes.RUNS, queueing_lock="sentiment:train", lock="sentiment:train")
def train(timestamp: int) -> None:
    """A classifier of the team's own, from what has been scored until now. `timestamp`: of the schedule, not used."""
    from keepwell.apps.sentiment.training import train_own

    train_own()
    ask_once(SWEEP, timestamp=0)
