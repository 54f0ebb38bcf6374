"""The newest score of an account with everything behind it."""

from __future__ import annotations

from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth, Run
from keepwell.apps.health.rescoring import state_for
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.engine.explain.explaining import explain
from keepwell.engine.explain.explanation import Explanation
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import row_of


def current_run(account: Account) -> Run | None:
    """The run whose score the page shows of this account; the newest run where the account has none yet."""
    health = CurrentHealth.objects.select_related("run").filter(account=account).first()
    return health.run if health else latest_run()


def current_state(account: Account) -> State | None:
    """What the account was scored in; None where it was in no run, or left the population."""
    run = current_run(account)
    if run is None or not run.values_file:
        return None
    state = state_of(run)
    return state if row_of(state, "account", account.pk) is not None else None


def explained(account: Account) -> tuple[State, Explanation] | None:
    """The score that is shown, with what was entered since the run."""
    state = current_state(account) and state_for(account.pk)
    return None if state is None else (state, explain(state.project, state.values, state.scores, account.pk))
