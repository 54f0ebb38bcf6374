"""What sets rules in motion: runs, accounts scored again, schedules that are due, moments, people, and other rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.models import CurrentHealth, Run, ScoreNews
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.rules.deciding.carrying import carry_out
from keepwell.apps.rules.deciding.loads import loaded, note_heard
from keepwell.apps.rules.deciding.writing import Cause
from keepwell.apps.rules.lifecycle.milestones import look
from keepwell.apps.rules.lifecycle.moving import move
from keepwell.apps.rules.models import Occasion, RuleRun
from keepwell.apps.rules.standing.past import keep_bands
from keepwell.apps.rules.standing.table import of_accounts, of_run
from keepwell.definitions.project import Project
from keepwell.engine.rules.needs import Needs, needs_of
from keepwell.engine.rules.snapshots import snapshot
from keepwell.engine.rules.starting import Start

_MOST = 5_000


def after_run(run_id: int) -> list[RuleRun]:
    """All accounts were scored by a run that became current; datasets that it read anew count as loaded."""
    run, project = Run.objects.get(pk=run_id), current_project()
    if project is None or run.pk != getattr(latest_run(), "pk", None):
        return []
    state = state_of(run)
    labels = snapshot(state, {"label"})
    keep_bands(run.as_of, state.values.accounts.ids, labels["label"].combine_chunks())
    if not project.rules and not project.stages:
        note_heard(run)
        return []
    table = of_run(run, needs_of(project))
    live(project, table, run.as_of)
    starts = [Start(), *(Start("load", name) for name in loaded(run))]
    cause = Cause(f"run:{run.pk}", f"scores of {run.as_of}", timezone.now(), always=True)
    with transaction.atomic():
        runs = carry_out(project, table, starts, cause, everybody=True)
        note_heard(run)
    return runs


def live(project: Project, table: pa.Table, as_of: date) -> None:
    """The stages of the accounts of the table: who moves, which milestones are reached or late. Rules hear of both."""
    move(project, table, as_of)
    look(project, table, as_of)


def after_news() -> list[RuleRun]:
    """Accounts whose score changed since it was last looked, a few thousand at a time."""
    runs: list[RuleRun] = []
    while news := list(ScoreNews.objects.order_by("pk").values_list("pk", "account_id")[:_MOST]):
        last = news[-1][0]
        runs += _for_accounts(
            {account for _, account in news}, [Start()], Cause(f"news:{last}", "a score changed", timezone.now())
        )
        ScoreNews.objects.filter(pk__in=[pk for pk, _ in news]).delete()
    return runs


def on_occasions() -> list[RuleRun]:
    """Moments that nobody looked at yet, those of one kind and name together: seen when what follows is decided."""
    runs: list[RuleRun] = []
    while (found := _next_occasions()) is not None:
        runs += found
    return runs


@transaction.atomic
def _next_occasions() -> list[RuleRun] | None:
    """None where nothing waits. Of several moments of an account one is taken, so that each may fire once."""
    free = Occasion.objects.select_for_update(skip_locked=True).filter(seen_at=None).order_by("pk")
    first = free.first()
    if first is None:
        return None
    some = list(free.filter(kind=first.kind, name=first.name)[:_MOST])
    if _each_counts(first):
        some = list({one.account_id: one for one in reversed(some)}.values())
    accounts = {one.account_id for one in some}
    start = Start(first.kind, first.name)
    if (kind := _OF_A_RULE.get(first.kind)) is not None:
        start = Start(kind, rules={first.name: pa.array(sorted(accounts))})
    cause = Cause(f"occasion:{first.pk}", _said(first.kind, first.name), timezone.now())
    runs = _for_accounts(accounts, [start], cause)
    Occasion.objects.filter(pk__in=[one.pk for one in some]).update(seen_at=timezone.now())
    return runs


def _each_counts(one: Occasion) -> bool:
    """Whether a second moment of the same day may make a rule act again; else they are looked at together."""
    project = current_project()
    rule = project.rules.get(one.name) if project and one.kind in _OF_A_RULE else None
    return rule is None or rule.cool_down_days == 0


_OF_A_RULE = {"event": "event", "answer": "response"}
"""Moments that name the rule that they fit, with the kind of its trigger."""


def _said(kind: str, name: str) -> str:
    words = {"event": "an event of the product", "stage_change": f"came to the stage {name}",
             "milestone_overdue": f"the milestone {name} is overdue", "response": f"an answer to {name}",
             "answer": "an answer to a survey"}  # fmt: skip
    return words[kind]


def on_schedule(text: str, due: datetime) -> list[RuleRun]:
    """The rules of a schedule, for everybody as they are now."""
    cause = Cause(f"schedule:{text}:{due.isoformat()}", f"schedule {text}", timezone.now(), always=True)
    return _for_everybody([Start("schedule", text)], cause)


def by_hand(rule: str, asked_by: str, asked_at: datetime) -> list[RuleRun]:
    """One rule, because somebody asks for it; `asked_at` tells one asking from another."""
    project = current_project()
    if project is None or rule not in project.rules or not project.rules[rule].enabled:
        return []
    cause = Cause(f"by hand:{asked_at.isoformat()}", f"asked for by {asked_by}", timezone.now(), always=True)
    return _for_everybody([Start("by_hand", rules={rule: None})], cause)


def by_rule(rule: str, account_id: str, effect_id: int) -> list[RuleRun]:
    """One rule for one account, because another rule says so."""
    start = Start("rule", rules={rule: pa.array([account_id])})
    return _for_accounts({account_id}, [start], Cause(f"effect:{effect_id}", "another rule", timezone.now()))


def _for_accounts(accounts: set[str], starts: list[Start], cause: Cause) -> list[RuleRun]:
    run, project = latest_run(), current_project()
    if run is None or project is None or not (project.stages or _any_start(project, starts)):
        return []
    runs = []
    for as_of, table in of_accounts(run, accounts, needs_of(project), cause.now):
        live(project, table, as_of)
        runs += carry_out(project, table, starts, cause)
    return runs


def _any_start(project: Project, starts: Iterable[Start]) -> bool:
    return any(rule.enabled and one.starts(name, rule) for name, rule in project.rules.items() for one in starts)


def _for_everybody(starts: list[Start], cause: Cause) -> list[RuleRun]:
    run, project = latest_run(), current_project()
    if run is None or project is None or not project.rules:
        return []
    return carry_out(project, everybody_now(run, project, cause.now), starts, cause, everybody=True)


def everybody_now(run: Run, project: Project, now: datetime, needs: Needs | None = None) -> pa.Table:
    """The run's table, with accounts that were scored again since as they are now. `needs`: else those of rules."""
    needs = needs or needs_of(project)
    whole = of_run(run, needs)
    newer = set(CurrentHealth.objects.filter(run=run, known_at__gt=run.known_at).values_list("account_id", flat=True))
    if not newer:
        return whole
    parts = [table for _, table in of_accounts(run, newer, needs, now)]
    seen = (
        pa.concat_arrays([part["account_id"].combine_chunks() for part in parts])
        if parts
        else pa.array([], pa.string())
    )
    rest = whole.filter(pc.invert(pc.is_in(whole["account_id"], value_set=seen)))
    return pa.concat_tables([rest, *parts], promote_options="permissive").sort_by("account_id").combine_chunks()
