"""Replays a rule over the year, with progress that pages show."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
from django.utils import timezone

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.health.outcomes import dated_outcomes
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.replaying.models import ReplayStatus, RuleReplay
from keepwell.apps.rules.replaying.snapshots import fixed_of, snapshots, weeks_until
from keepwell.apps.rules.standing.records import asks_records, records
from keepwell.apps.rules.standing.records_then import as_now, records_then
from keepwell.definitions.project import Project
from keepwell.engine.rules.histories import tables_over
from keepwell.engine.rules.needs import needs_of
from keepwell.engine.rules.replaying import FOLLOWED_DAYS, Replay, replay
from keepwell.errors import KeepwellError, RequestRefused

LEAST = 4


def carry_out(one: RuleReplay) -> None:
    """What fails is told in it. Raises what nobody foresaw, so that it is tried again and logged."""
    one.status, one.done, one.error = ReplayStatus.RUNNING, 0, ""
    one.save()
    try:
        one.result = replayed(project_of(one.files), one)
    except KeepwellError as error:
        _end(one, ReplayStatus.FAILED, str(error))
    except Exception as error:
        _end(one, ReplayStatus.FAILED, f"{type(error).__name__}: {error}. The worker's log has the details.")
        raise
    else:
        _end(one, ReplayStatus.DONE)


def replayed(project: Project, one: RuleReplay) -> dict[str, Any]:
    """The figures, ready for a page. Raises RequestRefused where there is too little history."""
    run = latest_run()
    days = weeks_until(run.as_of) if run else []
    if run is None or len(days) < LEAST:
        raise RequestRefused(
            f"{len(days)} weeks were scored so far, which says nothing of a year; score past dates under Runs"
        )
    RuleReplay.objects.filter(pk=one.pk).update(total=len(days))

    def advance(done: int) -> None:
        RuleReplay.objects.filter(pk=one.pk).update(done=done)

    needs = needs_of(project, [one.rule])
    then = partial(records_then, records()) if asks_records(needs.names) else None
    tables = tables_over(snapshots(days, fixed_of(project, run, needs), needs, advance), needs, records=then)
    found = replay(project, one.rule, tables, churned=churned(project), known_until=run.as_of)
    fixed = as_now(needs.names)
    notes = [f"{', '.join(one.replace('_', ' ') for one in fixed)} count as now, at every date"] if fixed else []
    return _figures(found, days, notes)


def churned(project: Project) -> pa.Table | None:
    """Who left, and when; None where no dataset tells."""
    outcomes = dated_outcomes(project)
    if outcomes is None:
        return None
    lost = pa.array(outcomes.lost)
    days = pa.array(outcomes.decided_on.astype("datetime64[D]"), pa.date32())
    return pa.table({"account_id": outcomes.account.filter(lost), "churned_on": days.filter(lost)})


def _figures(found: Replay, days: list[date], notes: list[str]) -> dict[str, Any]:
    months = Counter(f"{one.as_of:%Y-%m}" for one in found.dates for _ in one.fired)
    followed = found.followed
    return {
        "weeks": len(days), "since": days[0].isoformat(), "until": days[-1].isoformat(),
        "firings": found.firings, "accounts": len(found.accounts),
        "considered": max((one.considered for one in found.dates), default=0),
        "months": [{"month": month, "fired": months.get(month, 0)} for month in
                   dict.fromkeys(f"{one.as_of:%Y-%m}" for one in found.dates)],
        "followed": None if followed is None else {
            "days": FOLLOWED_DAYS, "fired": followed.fired, "churned": followed.churned, "share": followed.share,
            "others_share": followed.others_share, "too_late": followed.too_late,
        },
        "notes": notes,
    }  # fmt: skip


def _end(one: RuleReplay, status: ReplayStatus, error: str = "") -> None:
    one.refresh_from_db(fields=["done", "total"])
    one.status, one.error, one.ended_at = status, error, timezone.now()
    one.save()
