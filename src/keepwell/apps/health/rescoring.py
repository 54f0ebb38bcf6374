"""What people enter and what comes in count at once: the account alone is scored again, among the peers of the last
run, with the values that came in since (`live.keeping`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from functools import lru_cache

import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import version
from keepwell.apps.customers.current_values.following import follow
from keepwell.apps.health.announcing import announce_accounts
from keepwell.apps.health.changes import log_changes
from keepwell.apps.health.live.keeping import newer_of, with_newer
from keepwell.apps.health.models import AccountOverride, CurrentHealth, CurrentUnitHealth, Entry, Pin, Run
from keepwell.apps.health.place import opened, values_path
from keepwell.apps.health.results import Found, found
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.health.segments import move, segments_of
from keepwell.definitions.project import Project
from keepwell.engine.building.in_force import with_ledgers
from keepwell.engine.explain.states import State
from keepwell.engine.restricting import related, restricted
from keepwell.engine.score import LastRun, score_values
from keepwell.engine.storing import read_values
from keepwell.engine.values import Values

_RESCORED = ["as_of", "known_at", "scorecard", "card_version", "computed", "score", "label", "tone", "coverage",
             "change", "overrides", "why", "trend"]  # fmt: skip


def hold_current() -> None:
    """Until the end of the transaction nobody else changes current health."""
    hold(Lock.CURRENT_HEALTH)


@transaction.atomic
def rescore(accounts: Collection[str], *, now: datetime | None = None, only_changed: Collection[str] = ()) -> int:
    """Current health and values of accounts, and of those that rest on their scores, with the ledgers as they are now.

    The same definitions as the last run, its facts or those that came since: what a run of that date gives next if no
    other fact comes in. `only_changed`: of these accounts, those whose score stays as it is keep the time from which
    they have it. Returns how many rows were written.
    """
    hold_current()
    run = latest_run()
    if run is None or not values_path(run.pk).exists():
        return 0
    project, values = _held(run.pk, run.version_number or 0)
    together = related(project, values, accounts)
    if not together:  # what is entered of an account that left the population is kept, and counts if it comes back
        return 0
    known_at = now or timezone.now()
    before = CurrentHealth.objects.in_bulk(together)
    labels = {pk: health.label for pk, health in before.items()}
    rows: list[CurrentHealth] = []
    for state in scored_again(run, together, known_at):
        known = [(before[one.entity_id], one) for one in found(state.scores.accounts) if one.entity_id in before]
        rows += [
            _renewed(health, one, state.values.as_of, known_at)
            for health, one in known
            if _differs(health, one) or (health.pk in accounts and health.pk not in only_changed)
        ]
        _renew_units(state, accounts)
        members = segments_of(project, state.values, state.scores.accounts)
        move(state.values.accounts.ids.to_pylist(), members)
        follow(state.values, state.scores.accounts.metrics, members)
    CurrentHealth.objects.bulk_create(  # of rows that are there: a tenth of the time of an update by cases
        rows, batch_size=1000, update_conflicts=True, unique_fields=["account"], update_fields=_RESCORED
    )
    log_changes(project, rows, labels)
    announce_accounts([row.pk for row in rows])
    return len(rows)


def scored_again(run: Run, accounts: frozenset[str], known_at: datetime) -> list[State]:
    """Some accounts as they score with the ledgers known at `known_at`, among the peers of `run`; one state for those
    with values of the run, and one for each date that values came in for since."""
    project, whole = _held(run.pk, run.version_number or 0)
    moment, last = known_at.astimezone(UTC).replace(tzinfo=None), LastRun(run.name or str(run.pk), whole)
    states = []
    with opened(project, accounts) as data:
        for values in with_newer(project, restricted(whole, accounts), newer_of(run.pk, accounts)):
            entered = with_ledgers(project, data, values, moment)
            states.append(State(project, entered, score_values(project, entered, last_run=last)))
    return states


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
    """Known by when the score was, which is another time whenever it changes."""
    found = Run.objects.get(pk=run)
    project, values = _held(run, found.version_number or 0)
    states = scored_again(found, related(project, values, [account_id]), known_at)
    return next(one for one in states if pc.index(one.values.accounts.ids, account_id).as_py() >= 0)


@lru_cache(maxsize=2)
def _held(run: int, number: int) -> tuple[Project, Values]:
    return project_of(version(number).files), read_values(values_path(run))


def _differs(health: CurrentHealth, one: Found) -> bool:
    """Whether what is shown is not what was found."""
    shown = (health.score, health.label, health.why, health.coverage, health.scorecard, health.overrides)
    return shown != (one.score, one.label, one.why, one.coverage, one.scorecard, list(one.overrides))


def _renewed(health: CurrentHealth, one: Found, as_of: date, known_at: datetime) -> CurrentHealth:
    health.as_of, health.known_at = as_of, known_at
    health.scorecard, health.card_version = one.scorecard, one.version
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
