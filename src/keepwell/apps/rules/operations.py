"""Writes: a run is approved, rejected or undone, and effects that failed are tried again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.models import Effect, EffectStatus, RuleRun, RunStatus, Treatment
from keepwell.apps.rules.queries import effects_seen
from keepwell.apps.rules.undoing import Undone, undo
from keepwell.errors import RequestRefused


@transaction.atomic
def approve(*, actor: Actor, run_id: int) -> RuleRun:
    """What the run would do for accounts that the actor sees is done, by a worker; the rest waits for somebody else.

    Raises RequestRefused where nothing of it is for an account that the actor sees.
    """
    run = _waiting(actor, run_id)
    _proposed(actor, run).update(status=EffectStatus.WAITING)
    _decided(actor, run, _after_decision(run), "approved")
    do_after_commit(run.pk)
    return run


@transaction.atomic
def reject(*, actor: Actor, run_id: int, remark: str = "") -> RuleRun:
    """Nothing of it is done for accounts that the actor sees; the rest waits for somebody else.

    The rule counts as fired, so that the same is not proposed again tomorrow. Raises as `approve` does.
    """
    run = _waiting(actor, run_id)
    proposed = _proposed(actor, run)
    accounts = list(proposed.values_list("account_id", flat=True).distinct())
    proposed.update(status=EffectStatus.WITHDRAWN)
    treated = Treatment.objects.filter(run=run, is_held_out=False, account__in=accounts)
    treated.update(withdrawn_at=timezone.now())
    run.remark = remark.strip()
    status = _after_decision(run)
    _decided(actor, run, status, "rejected")
    if status == RunStatus.DOING:
        do_after_commit(run.pk)
    return run


def _proposed(actor: Actor, run: RuleRun) -> QuerySet[Effect]:
    found = effects_seen(actor, run).filter(status=EffectStatus.PROPOSED)
    if not found.exists():
        raise RequestRefused("nothing of this run is for an account that you see; somebody who sees them decides it")
    return found


def _after_decision(run: RuleRun) -> RunStatus:
    left = set(run.effects.values_list("status", flat=True).distinct())
    if EffectStatus.PROPOSED in left:
        return RunStatus.WAITING
    return RunStatus.REJECTED if left <= {EffectStatus.WITHDRAWN, EffectStatus.HELD_OUT} else RunStatus.DOING


@transaction.atomic
def undo_run(*, actor: Actor, run_id: int) -> Undone:
    """What can be taken back is, for accounts that the actor sees; the answer says what stays and why."""
    require(actor, Permission.BULK)
    _found(run_id)
    return undo(actor, run_id)


@transaction.atomic
def try_again(*, actor: Actor, run_id: int) -> int:
    """Effects that failed, and those left out because of them, are done again, for accounts that the actor sees.

    Returns how many.
    """
    require(actor, Permission.BULK)
    run = _found(run_id)
    if run.status not in (RunStatus.DOING, RunStatus.DONE):
        raise RequestRefused(f"this run is {run.get_status_display().lower()}: nothing of it is tried again")
    failed = effects_seen(actor, run).filter(status__in=[EffectStatus.FAILED, EffectStatus.SKIPPED])
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
