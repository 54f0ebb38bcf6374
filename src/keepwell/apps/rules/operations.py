"""Writes: a run is approved, rejected or undone, and effects that failed are tried again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.models import Effect, EffectStatus, RuleRun, RunStatus, Treatment
from keepwell.apps.rules.undoing import Undone, undo
from keepwell.errors import RequestRefused


@transaction.atomic
def approve(*, actor: Actor, run_id: int) -> RuleRun:
    """What the run would do is done, by a worker."""
    run = _waiting(actor, run_id)
    Effect.objects.filter(run=run, status=EffectStatus.PROPOSED).update(status=EffectStatus.WAITING)
    _decided(actor, run, RunStatus.DOING, "approved")
    do_after_commit(run.pk)
    return run


@transaction.atomic
def reject(*, actor: Actor, run_id: int, remark: str = "") -> RuleRun:
    """Nothing of it is done. The rule counts as fired, so that the same is not proposed again tomorrow."""
    run = _waiting(actor, run_id)
    Effect.objects.filter(run=run, status=EffectStatus.PROPOSED).update(status=EffectStatus.WITHDRAWN)
    Treatment.objects.filter(run=run, is_held_out=False).update(withdrawn_at=timezone.now())
    run.remark = remark.strip()
    _decided(actor, run, RunStatus.REJECTED, "rejected")
    return run


@transaction.atomic
def undo_run(*, actor: Actor, run_id: int) -> Undone:
    """What can be taken back is; the answer says what stays and why."""
    require(actor, Permission.BULK)
    _found(run_id)
    return undo(actor, run_id)


@transaction.atomic
def try_again(*, actor: Actor, run_id: int) -> int:
    """Effects that failed, and those left out because of them, are done again. Returns how many."""
    require(actor, Permission.BULK)
    run = _found(run_id)
    if run.status not in (RunStatus.DOING, RunStatus.DONE):
        raise RequestRefused(f"this run is {run.get_status_display().lower()}: nothing of it is tried again")
    failed = Effect.objects.filter(run=run, status__in=[EffectStatus.FAILED, EffectStatus.SKIPPED])
    count = failed.update(status=EffectStatus.WAITING, attempts=0, error="")
    if count:
        _decided(actor, run, RunStatus.DOING, "tried again")
        do_after_commit(run.pk)
    return count


@transaction.atomic
def run_now(*, actor: Actor, rule: str) -> None:
    """A worker decides the rule for everybody as they are now: whoever may edit rules may ask for it.

    It acts where it would by itself, and above its limit waits for approval. Raises RequestRefused where it is off.
    """
    from keepwell.apps.rules.jobs import by_hand

    require(actor, Permission.CONFIGURE)
    project = current_project()
    if project is None or rule not in project.rules:
        raise NotVisible
    if not project.rules[rule].enabled:
        raise RequestRefused(f"the rule '{rule}' is not enabled: enable it, and publish that")
    if latest_run() is None:
        raise RequestRefused("nothing was scored yet: start a run first")
    record(actor, "asked to run", kind="rule", of=rule, name=rule)
    by_hand.defer(rule=rule, asked_by=actor.name, asked_at=timezone.now().isoformat())


def do_after_commit(run_id: int) -> None:
    """A job in the transaction of the decision."""
    from keepwell.apps.rules.jobs import do

    do.defer(run_id=run_id)


def _found(run_id: int) -> RuleRun:
    run = RuleRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotVisible
    return run


def _waiting(actor: Actor, run_id: int) -> RuleRun:
    require(actor, Permission.BULK)
    run = _found(run_id)
    if run.status != RunStatus.WAITING:
        raise RequestRefused(f"this run waits for no approval: it is {run.get_status_display().lower()}")
    return run


def _decided(actor: Actor, run: RuleRun, status: RunStatus, words: str) -> None:
    run.status, run.decided_by = status, actor.name
    run.ended_at = timezone.now() if status == RunStatus.REJECTED else None
    run.save(update_fields=["status", "decided_by", "ended_at", "remark"])
    record(actor, words, kind="rule run", of=run.pk, name=run.rule, after={"status": status})
