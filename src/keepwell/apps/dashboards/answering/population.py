"""Accounts as a run left them, for reports of any date that one was kept of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from django.utils import timezone

from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.place import lake
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.health.states import is_at_hand
from keepwell.apps.rules.standing.records import asks_records, records
from keepwell.apps.rules.standing.records_then import as_now, records_then
from keepwell.definitions.project import Project
from keepwell.engine.columns import one_array
from keepwell.engine.rules.columns import TOLERANCE, columns
from keepwell.engine.rules.needs import Needs
from keepwell.engine.rules.snapshots import as_snapshot
from keepwell.lake.history import read_scores, read_values

METRIC = "metric:"
"""Before the name of a metric in the history of values."""


def population(as_of: date, names: frozenset[str]) -> pa.Table | None:
    """Of the newest run up to the date, at most a week before it: from its values where they are kept, else what the
    history of scores and values says of it. None where neither does. Of records only the newest run has what nobody
    keeps of the past."""
    run = run_up_to(as_of)
    if run is None:
        return _from_history(as_of, names)
    if not asks_records(names) or run == latest_run():
        return columns(state_of(run), Needs(names, frozenset()), records=records() if asks_records(names) else None)
    then = records_then(records(), as_of)
    lost = as_now({*names, *then.column_names})  # nobody keeps what they were: left out, never told as 0
    known = then.drop_columns([name for name in lost if name in then.column_names])
    return columns(state_of(run), Needs(names - {*lost}, frozenset()), records=known)


def run_up_to(as_of: date) -> Run | None:
    """The run that speaks for a date, whose values are at hand."""
    done = Run.objects.filter(status=RunStatus.DONE, as_of__lte=as_of, as_of__gt=as_of - timedelta(days=TOLERANCE))
    return next((run for run in done.order_by("-as_of", "-known_at", "-pk")[:3] if is_at_hand(run)), None)


def _from_history(as_of: date, names: frozenset[str]) -> pa.Table | None:
    """The latest date of the week up to `as_of`, scores and metrics as they were shown then."""
    since = as_of - timedelta(days=TOLERANCE - 1)
    scores = read_scores(lake(), since=since, until=as_of)
    if not scores.num_rows:
        return None
    latest = pc.max(scores["as_of"])
    found = as_snapshot(scores.filter(pc.equal(scores["as_of"], latest)), names | {"label"})
    known = {METRIC + name: name for name in names if name not in found.column_names}
    values = read_values(lake(), since=latest.as_py(), until=latest.as_py())
    there = [column for column in known if column in values.column_names]
    if not there:
        return found
    accounts = values.filter(pc.equal(values["entity_kind"], "account"))
    places = pc.index_in(one_array(found["account_id"]), value_set=one_array(accounts["account_id"]))
    for column in there:
        found = found.append_column(known[column], one_array(accounts[column]).take(places))
    return found


def day_of(project: Project, run: Run, now: datetime | None = None) -> date:
    """The day that pages speak of: today, and where the newest run is older than a week, its date."""
    zone = ZoneInfo(project.settings.time_zone)
    today = (now or timezone.now()).astimezone(zone).date()
    return today if timedelta(0) <= today - run.as_of < timedelta(days=TOLERANCE) else run.as_of
