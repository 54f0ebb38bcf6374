"""Jobs of rules; one that was killed is done again by the next worker and changes nothing twice."""

from __future__ import annotations

from procrastinate import Blueprint, RetryStrategy

blueprint = Blueprint()
_AGAIN = RetryStrategy(max_attempts=4, wait=2, exponential_wait=3)


@blueprint.task(name="do", retry=_AGAIN)
def do(run_id: int) -> None:
    """The effects of a run that wait."""
    from keepwell.apps.rules.doing import do_run

    do_run(run_id)
