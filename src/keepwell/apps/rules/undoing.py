"""Takes a run back: what it opened closes as withdrawn, what it set returns to what stood there, the rest is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.audit.operations import record
from keepwell.apps.rules.models import Effect, EffectStatus, RuleRun, RunStatus, Treatment
from keepwell.apps.rules.performers import performer_of
from keepwell.apps.rules.queries import effects_seen
from keepwell.errors import RequestRefused

_UNDONE_BY = (RunStatus.DONE, RunStatus.DOING)


@dataclass
class Undone:
    """How many effects were taken back, and why others stay: (effect, reason). `unseen`: how many are not the actor's
    to take back, since they are for accounts that the actor does not see."""

    taken_back: int = 0
    unseen: int = 0
    stays: list[tuple[Effect, str]] = field(default_factory=list)


@transaction.atomic
def undo(actor: Actor, run_id: int) -> Undone:
    """Newest effect first. Raises RequestRefused where there is nothing to undo."""
    run = RuleRun.objects.select_for_update().get(pk=run_id)
    if run.status not in _UNDONE_BY:
        if run.status == RunStatus.WAITING:
            raise RequestRefused("this run waits for approval: approve or reject it first")
        raise RequestRefused(f"this run is {run.get_status_display().lower()}: there is nothing to undo")
    seen = effects_seen(actor, run)
    seen.filter(status=EffectStatus.WAITING).update(status=EffectStatus.WITHDRAWN)
    found = Undone()
    done = seen.filter(status=EffectStatus.DONE).select_for_update(of=["self"])
    for effect in done.select_related("account").order_by("-done_at", "-place"):
        _take_back(effect, found)
    others = run.effects.filter(status__in=[EffectStatus.DONE, EffectStatus.WAITING])
    found.unseen = others.exclude(pk__in=[effect.pk for effect, _ in found.stays]).count()
    _note(actor, run, found)
    return found


def _take_back(effect: Effect, found: Undone) -> None:
    reason = _tried(effect)
    if reason:
        found.stays.append((effect, reason))
        effect.error = f"could not be undone: {reason}"
    else:
        found.taken_back += 1
        effect.status = EffectStatus.UNDONE
    effect.save(update_fields=["status", "error"])


def _tried(effect: Effect) -> str:
    """Why it stays. One that cannot be taken back leaves the others untouched."""
    try:
        with transaction.atomic():
            return performer_of(effect.kind).undo(effect)
    except RequestRefused as refused:
        return str(refused)
    except NotVisible:
        return "there is no such thing any more"


def _note(actor: Actor, run: RuleRun, found: Undone) -> None:
    accounts = Effect.objects.filter(run=run, status=EffectStatus.UNDONE).values_list("account_id", flat=True)
    now = timezone.now()
    Treatment.objects.filter(run=run, account__in=accounts, is_held_out=False).update(withdrawn_at=now)
    if not found.unseen:
        run.status, run.ended_at = RunStatus.UNDONE, now
    run.decided_by = actor.name
    run.save(update_fields=["status", "ended_at", "decided_by"])
    record(actor, "undid", kind="rule run", of=run.pk, name=run.rule,
           after={"taken_back": found.taken_back, "stays": len(found.stays), "unseen": found.unseen})  # fmt: skip
