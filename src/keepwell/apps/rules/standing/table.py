"""The table of all accounts as a run left them, or of a few as they are now."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

import pyarrow as pa

from keepwell.apps.health.models import Run
from keepwell.apps.health.rescoring import scored_again
from keepwell.apps.health.scored import state_of
from keepwell.apps.rules.standing.past import bands_before, history
from keepwell.apps.rules.standing.records import asks_records, records
from keepwell.engine.explain.states import State
from keepwell.engine.restricting import related
from keepwell.engine.rules.columns import columns
from keepwell.engine.rules.needs import Needs


def of_run(run: Run, needs: Needs) -> pa.Table:
    """Every account of the run's population."""
    return _table(state_of(run), needs, None)


def of_accounts(run: Run, accounts: Collection[str], needs: Needs, now: datetime) -> Iterator[tuple[date, pa.Table]]:
    """Some accounts with what came in since the run, by the dates that their values are of."""
    state = state_of(run)
    together = related(state.project, state.values, accounts)
    for one in scored_again(run, together, now) if together else ():
        table = _table(one, needs, list(together))
        yield one.values.as_of, table.filter(pa.compute.is_in(table["account_id"], pa.array(sorted(accounts))))


def _table(state: State, needs: Needs, accounts: Collection[str] | None) -> pa.Table:
    as_of = state.values.as_of
    bands = bands_before(as_of) if needs.asks_bands else None
    known = records(accounts) if asks_records(needs.names) else None
    return columns(state, needs, history=history(as_of, needs), bands=bands, records=known)
