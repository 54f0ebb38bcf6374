"""The job that replays a rule for whoever asked."""

from __future__ import annotations

from procrastinate import Blueprint, RetryStrategy

from keepwell.apps.health.lanes import BUILDS

blueprint = Blueprint()


@blueprint.task(name="replay", queue=BUILDS, retry=RetryStrategy(max_attempts=3, wait=5))
def replay(replay_id: int) -> None:
    """What a rule would have done in the last year; what is done already is left alone."""
    from keepwell.apps.rules.replaying.making import carry_out
    from keepwell.apps.rules.replaying.models import ReplayStatus, RuleReplay

    found = RuleReplay.objects.filter(pk=replay_id).first()
    if found is not None and found.status != ReplayStatus.DONE:
        carry_out(found)
