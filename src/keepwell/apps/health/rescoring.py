"""What people enter counts at once: the account alone is scored again, among the peers of the last run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import version
from keepwell.apps.health.changes import log_changes
from keepwell.apps.health.models import AccountOverride, CurrentHealth, CurrentUnitHealth, Entry, Pin, Run
from keepwell.apps.health.place import opened, values_path
from keepwell.apps.health.results import Found, found
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.definitions.project import Project
from keepwell.engine.building.in_force import with_ledgers
from keepwell.engine.explain.states import State
from keepwell.engine.restricting import related, restricted
from keepwell.engine.score import LastRun, score_values
from keepwell.engine.storing import read_values
from keepwell.engine.values import Values

_CURRENT = 0x6B77_0002  # the advisory lock of current health: a run and a rescoring do not write over each other
_RESCORED = ["known_at", "scorecard", "card_version", "computed", "score", "label", "tone", "coverage", "change",
             "overrides", "why", "trend"]  # fmt: skip


def hold_current() -> None:
    """Until the end of the transaction nobody else changes current health."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_CURRENT])


@transaction.atomic
def rescore(accounts: Collection[str], *, now: datetime | None = None) -> None:
    """Current health of accounts, and of those that rest on their scores, with the ledgers as they are now.

    The same definitions, facts and date as the last run; what a run of that date gives next if no fact comes in.
    """
    hold_current()
    run = latest_run()
    if run is None or not values_path(run.pk).exists():
        return
    project, values = _held(run.pk, run.version_number or 0)
    together = related(project, values, accounts)
    if not together:  # what is entered of an account that left the population is kept, and counts if it comes back
        return
    known_at = now or timezone.now()
    state = scored_again(run, together, known_at)
    before = CurrentHealth.objects.in_bulk(together)
    known = [(before[one.entity_id], one) for one in found(state.scores.accounts) if one.entity_id in before]
    labels = {health.pk: health.label for health, _ in known}
    rows = [
        _renewed(health, one, known_at)
        for health, one in known
        if health.pk in accounts or (health.score, health.label) != (one.score, one.label)
    ]
    CurrentHealth.objects.bulk_update(rows, _RESCORED, batch_size=1000)
    _renew_units(state, accounts)
    log_changes(project, rows, labels)


def scored_again(run: Run, accounts: frozenset[str], known_at: datetime) -> State:
    """Some accounts as they score with the ledgers known at `known_at`, among the peers of `run`."""
    project, whole = _held(run.pk, run.version_number or 0)
    with opened(project, accounts) as data:
        values = with_ledgers(project, data, restricted(whole, accounts), known_at.astimezone(UTC).replace(tzinfo=None))
    return State(project, values, score_values(project, values, last_run=LastRun(run.name or str(run.pk), whole)))


def state_for(account_id: str) -> State | None:
    """What is shown of an account, ready to be explained: the last run, or what was entered since; None without a run.

    Of an account that was scored again since the run the state holds that account and those it rests on alone.
    """
    run = latest_run()
    if run is None:
        return None
    health = CurrentHealth.objects.filter(pk=account_id).first()
    if health is None or health.run_id != run.pk or run.known_at is None or health.known_at <= run.known_at:
        return state_of(run)
    return _state_for(run.pk, account_id, health.known_at)


def entered_since(moment: datetime) -> set[str]:
    """The accounts of which somebody entered, overrode, pinned or withdrew something at `moment` or later."""
    changed, changed_since = Q(recorded_at__gte=moment), Q(changed_at__gte=moment)
    ids: Iterable[Iterable[str]] = (
        Entry.objects.filter(changed).values_list("account_id", flat=True),
        AccountOverride.objects.filter(changed_since).values_list("account_id", flat=True),
        Pin.objects.filter(changed_since).values_list("account_id", flat=True),
    )
    return {account for found in ids for account in found}


@lru_cache(maxsize=64)
def _state_for(run: int, account_id: str, known_at: datetime) -> State:
    found = Run.objects.get(pk=run)
    project, values = _held(run, found.version_number or 0)
    return scored_again(found, related(project, values, [account_id]), known_at)


@lru_cache(maxsize=2)
def _held(run: int, number: int) -> tuple[Project, Values]:
    return project_of(version(number).files), read_values(values_path(run))


def _renewed(health: CurrentHealth, one: Found, known_at: datetime) -> CurrentHealth:
    health.known_at, health.scorecard, health.card_version = known_at, one.scorecard, one.version
    health.computed, health.score, health.label, health.tone = one.computed, one.score, one.label, one.tone
    health.coverage, health.overrides, health.why = one.coverage, list(one.overrides), one.why
    known = one.score is not None and health.previous is not None
    health.change = one.score - health.previous if known else None  # type: ignore[operator]
    health.trend = [*health.trend[:-1], None if one.score is None else round(one.score, 1)]
    return health


def _renew_units(state: State, accounts: Collection[str]) -> None:
    units = state.scores.relationships
    if units is None:
        return
    for one in found(units):
        CurrentUnitHealth.objects.filter(pk=one.entity_id, relationship__account_id__in=accounts).update(
            scorecard=one.scorecard, score=one.score, label=one.label, tone=one.tone
        )
