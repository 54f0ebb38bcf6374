"""What stood in the history of a year, as tables that rules can look at: one a week, with what was shown then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.health.place import lake
from keepwell.engine.columns import one_array
from keepwell.engine.explain.states import State
from keepwell.engine.rules.needs import Needs
from keepwell.engine.rules.snapshots import as_snapshot, snapshot
from keepwell.lake.history import read_scores, read_values

YEAR = timedelta(days=365)
_METRIC = "metric:"


def weeks_until(last: date) -> list[date]:
    """The last scored date of each week of the year before, ascending."""
    rows = read_scores(lake(), since=last - YEAR, until=last, columns=["as_of"])
    days: list[date] = sorted(set(pc.unique(rows["as_of"]).to_pylist())) if rows.num_rows else []
    return list({day.isocalendar()[:2]: day for day in days}.values())


def snapshots(days: Sequence[date], state: State, needs: Needs, advance: Callable[[int], None]) -> Iterator[pa.Table]:
    """For each date the scores and metrics that were shown then, and attributes as `state` has them now."""
    now = snapshot(state, needs.names)
    known = {name for name in now.column_names if name in state.values.accounts.attributes.column_names}
    fixed = now.select(["account_id", *sorted(known | {one for one in now.column_names if one.startswith("account.")})])
    for done, day in enumerate(days):
        advance(done)
        yield _snapshot(day, needs, fixed)


def _snapshot(day: date, needs: Needs, fixed: pa.Table) -> pa.Table:
    scores = read_scores(lake(), since=day, until=day)
    table = as_snapshot(scores, needs.names | {"label"})
    ids = one_array(table["account_id"])
    for source in (_metrics(day, needs), fixed):
        places = pc.index_in(ids, value_set=one_array(source["account_id"]))
        for name in source.column_names:
            if name not in table.column_names:
                table = table.append_column(name, one_array(source[name]).take(places))
    return table


def _metrics(day: date, needs: Needs) -> pa.Table:
    names = sorted(name for name in needs.names if "." not in name)
    there = set(read_values(lake(), since=day, until=day, columns=None).column_names) if names else set()
    columns = [_METRIC + name for name in names if _METRIC + name in there]
    if not columns:
        return pa.table({"account_id": pa.array([], pa.string())})
    rows = read_values(lake(), since=day, until=day, columns=["entity_kind", "account_id", *columns])
    rows = rows.filter(pc.equal(rows["entity_kind"], "account")).select(["account_id", *columns])
    return rows.rename_columns(["account_id", *(one.removeprefix(_METRIC) for one in columns)])
