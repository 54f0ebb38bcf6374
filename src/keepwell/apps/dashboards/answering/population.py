"""Accounts as a run left them, for reports of any date that one was kept of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.utils import timezone

from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.health.states import is_at_hand
from keepwell.apps.rules.standing.records import asks_records, records
from keepwell.definitions.project import Project
from keepwell.engine.rules.columns import TOLERANCE, columns
from keepwell.engine.rules.needs import Needs


def population(as_of: date, names: frozenset[str]) -> pa.Table | None:
    """Of the newest run up to the date, at most a week before it; None where no values of such a run are kept."""
    run = run_up_to(as_of)
    if run is None:
        return None
    is_newest = run == latest_run()
    known = records() if is_newest and asks_records(names) else None
    return columns(state_of(run), Needs(names, frozenset()), records=known)


def run_up_to(as_of: date) -> Run | None:
    """The run that speaks for a date, whose values are at hand."""
    done = Run.objects.filter(status=RunStatus.DONE, as_of__lte=as_of, as_of__gt=as_of - timedelta(days=TOLERANCE))
    return next((run for run in done.order_by("-as_of", "-known_at", "-pk")[:3] if is_at_hand(run)), None)


def day_of(project: Project, run: Run, now: datetime | None = None) -> date:
    """The day that pages speak of: today, and where the newest run is older than a week, its date."""
    zone = ZoneInfo(project.settings.time_zone)
    today = (now or timezone.now()).astimezone(zone).date()
    return today if timedelta(0) <= today - run.as_of < timedelta(days=TOLERANCE) else run.as_of
