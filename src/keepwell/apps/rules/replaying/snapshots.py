"""What stood in the history of a year, as tables that rules can look at: one a week, with what was shown then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.health.models import Run
from keepwell.apps.health.place import lake
from keepwell.apps.health.scored import state_of
from keepwell.apps.rules.standing.drafted import with_attributes
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import SCORES
from keepwell.engine.columns import one_array
from keepwell.engine.rules.needs import Needs
from keepwell.engine.rules.snapshots import as_snapshot, snapshot
from keepwell.lake.history import read_scores, read_values

YEAR = timedelta(days=365)
_METRIC, _PARTS = "metric:", ("measure.", "group.")


def weeks_until(last: date) -> list[date]:
    """The last scored date of each week of the year before, ascending."""
    rows = read_scores(lake(), since=last - YEAR, until=last, columns=["as_of"])
    days: list[date] = sorted(set(pc.unique(rows["as_of"]).to_pylist())) if rows.num_rows else []
    return list({day.isocalendar()[:2]: day for day in days}.values())


def snapshots(
    days: Sequence[date], fixed: pa.Table, needs: Needs, advance: Callable[[int], None]
) -> Iterator[pa.Table]:
    """For each date the scores and metrics that were shown then; `fixed`: what is the same at every date."""
    for done, day in enumerate(days):
        advance(done)
        yield _snapshot(day, needs, fixed)


def fixed_of(project: Project, run: Run, needs: Needs) -> pa.Table:
    """Attributes of the accounts, as they are now: nothing keeps those of the past."""
    now = with_attributes(project, run, snapshot(state_of(run), needs.names), needs)
    moving = {*project.metrics, *SCORES, "as_of"}
    return now.select([one for one in now.column_names if one not in moving and not one.startswith(_PARTS)])


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
