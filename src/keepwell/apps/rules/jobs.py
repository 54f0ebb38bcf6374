"""Jobs of rules; one that was killed is done again by the next worker and changes nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from procrastinate import Blueprint, RetryStrategy

from keepwell.apps.health import lanes

blueprint = Blueprint()
_AGAIN = RetryStrategy(max_attempts=4, wait=2, exponential_wait=3)


@blueprint.task(name="do", queue=lanes.RULES, retry=_AGAIN)
def do(run_id: int) -> None:
    """The effects of a run that wait."""
    from keepwell.apps.rules.doing import do_run

    do_run(run_id)


@blueprint.task(name="run", queue=lanes.RULES, retry=_AGAIN)
def run(run_id: int) -> None:
    """A run of scores became current."""
    from keepwell.apps.rules.deciding.news import after_run

    after_run(run_id)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="accounts", queue=lanes.RULES, retry=_AGAIN, queueing_lock="rules:accounts", lock="rules:accounts")
def accounts(timestamp: int) -> None:
    """Accounts were scored again. `timestamp`: of the schedule, not used."""
    from keepwell.apps.rules.deciding.news import after_news

    after_news()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(
    name="occasions", queue=lanes.RULES, retry=_AGAIN, queueing_lock="rules:occasions", lock="rules:occasions"
)
def occasions(timestamp: int) -> None:
    """Moments were noted. `timestamp`: of the schedule, not used."""
    from keepwell.apps.rules.deciding.news import on_occasions

    on_occasions()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="schedules", queue=lanes.RULES, queueing_lock="rules:schedules", lock="rules:schedules")
def schedules(timestamp: int) -> None:
    """Schedules of rules that became due."""
    from keepwell.apps.rules.schedules import act_on_schedules

    act_on_schedules(datetime.fromtimestamp(timestamp, UTC))


@blueprint.task(name="entered", queue=lanes.RULES, retry=_AGAIN)
def entered(change_ids: Sequence[int]) -> None:
    """Accounts came to other stages."""
    from keepwell.apps.rules.lifecycle.entering import entered as carry_out

    carry_out(change_ids)


@blueprint.task(name="by hand", queue=lanes.RULES, retry=_AGAIN)
def by_hand(rule: str, asked_by: str, asked_at: str) -> None:
    """One rule for everybody, because somebody asks for it."""
    from keepwell.apps.rules.deciding.news import by_hand as carry_out

    carry_out(rule, asked_by, datetime.fromisoformat(asked_at))


@blueprint.task(name="chain", queue=lanes.RULES, retry=_AGAIN)
def chain(rule: str, account_id: str, effect_id: int) -> None:
    """One rule for one account, because another says so."""
    from keepwell.apps.rules.deciding.news import by_rule

    by_rule(rule, account_id, effect_id)


@blueprint.periodic(cron="40 3 * * *")
@blueprint.task(name="tidy", queue=lanes.RULES, queueing_lock="rules:tidy", lock="rules:tidy")
def tidy(timestamp: int) -> None:
    """Deletes files of decisions and moments that are no longer kept."""
    from keepwell.apps.rules.deciding.details import delete_old
    from keepwell.apps.rules.occasions import forget_old

    now = datetime.fromtimestamp(timestamp, UTC)
    delete_old(now)
    forget_old(now)
