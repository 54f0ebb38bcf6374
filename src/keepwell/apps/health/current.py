"""Renews what pages show: accounts as the data say they are, their health, and the table that filters run on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.db.models import Q

from keepwell.apps.customers.current_values.rebuilding import rebuild
from keepwell.apps.customers.population import renew_accounts, renew_relationships
from keepwell.apps.health.announcing import announce_run
from keepwell.apps.health.changes import log_changes
from keepwell.apps.health.models import CurrentHealth, CurrentUnitHealth, Run
from keepwell.apps.health.place import lake
from keepwell.apps.health.rescoring import hold_current
from keepwell.apps.health.results import Found, found
from keepwell.apps.health.segments import segments_of
from keepwell.definitions.project import Project
from keepwell.engine.run import Run as Scored
from keepwell.lake.history import read_scores

WEEKS = 26
_FIELDS = [
    "run", "as_of", "known_at", "scorecard", "card_version", "computed", "score", "label", "tone", "coverage",
    "previous", "change", "overrides", "why", "trend",
]  # fmt: skip


def renew(run: Run, project: Project, scored: Scored) -> bool:
    """Replaces current health where this run is newer; False where it is not. Notes in `run` who changed band."""
    values = scored.values
    hold_current()
    newer = CurrentHealth.objects.filter(
        Q(run__as_of__gt=values.as_of) | Q(run__as_of=values.as_of, run__known_at__gt=_aware(values.known_at))
    )
    if newer.exclude(run=run).exists():
        return False
    segments = segments_of(project, values, scored.scores.accounts)
    renew_accounts(project, values, segments)
    renew_relationships(project, values)
    before = dict(CurrentHealth.objects.values_list("account_id", "label"))
    past = _past(values.as_of)
    rows = [_health(run, one, past.get(one.entity_id, {}), scored) for one in found(scored.scores.accounts)]
    CurrentHealth.objects.exclude(account_id__in=[row.account_id for row in rows]).delete()
    CurrentHealth.objects.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=["account"], update_fields=_FIELDS
    )
    _renew_units(run, scored)
    rebuild(project, values, scored.scores.accounts.metrics, segments, values.as_of)
    run.moves = log_changes(project, rows, before)
    run.moved = sum(int(str(move["accounts"])) for move in run.moves)
    announce_run(run.pk)
    return True


def _health(run: Run, one: Found, past: Mapping[date, float | None], scored: Scored) -> CurrentHealth:
    as_of = scored.values.as_of
    trend = [past.get(as_of - timedelta(weeks=back)) for back in range(WEEKS, 0, -1)]
    previous = trend[-1]
    return CurrentHealth(
        account_id=one.entity_id,
        run=run,
        as_of=as_of,
        known_at=_aware(scored.values.known_at),
        scorecard=one.scorecard,
        card_version=one.version,
        computed=one.computed,
        score=one.score,
        label=one.label,
        tone=one.tone,
        coverage=one.coverage,
        previous=previous,
        change=one.score - previous if one.score is not None and previous is not None else None,
        overrides=list(one.overrides),
        why=one.why,
        trend=[None if score is None else round(score, 1) for score in (*trend, one.score)],
    )


def _past(as_of: date) -> dict[str, dict[date, float | None]]:
    """Scores of the last weeks, as they were shown then, by account and date."""
    columns = ["entity_kind", "account_id", "as_of", "final_score"]
    table = read_scores(lake(), since=as_of - timedelta(weeks=WEEKS), until=as_of - timedelta(days=1), columns=columns)
    past: dict[str, dict[date, float | None]] = {}
    for kind, account, day, score in _rows(table, columns):
        if kind == "account":
            past.setdefault(account, {})[day] = score
    return past


def _rows(table: pa.Table, columns: Iterable[str]) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in columns), strict=True) if table.num_rows else ()


def _renew_units(run: Run, scored: Scored) -> None:
    units = scored.scores.relationships
    if units is None:
        return
    rows = [
        CurrentUnitHealth(
            relationship_id=one.entity_id, run=run, as_of=scored.values.as_of, scorecard=one.scorecard, score=one.score,
            label=one.label, tone=one.tone,
        )
        for one in found(units)
    ]  # fmt: skip
    CurrentUnitHealth.objects.bulk_create(
        rows,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["relationship"],
        update_fields=["run", "as_of", "scorecard", "score", "label", "tone"],
    )


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
