"""Does what was decided, each effect once: an effect and the note that it was done are one transaction."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from keepwell.apps.access.actors import Forbidden, NotVisible
from keepwell.apps.rules.models import Effect, EffectStatus, RuleRun, RunStatus
from keepwell.apps.rules.performers import performer_of
from keepwell.errors import RequestRefused

MOST_ATTEMPTS = 3
_SKIPPED = "an action before it failed"


def do_run(run_id: int) -> None:
    """Every effect of the run that still waits; a worker that was killed left off at one of these.

    Where something unforeseen happens, the rest of that account waits for the next attempt, and other accounts do not.
    """
    waiting = Effect.objects.filter(run_id=run_id, status=EffectStatus.WAITING)
    ordered = waiting.order_by("account", "occurrence", "part", "place")
    stuck: dict[tuple[object, ...], Exception] = {}
    for pk, *chain in ordered.values_list("pk", "account_id", "part", "occurrence"):
        if tuple(chain) not in stuck:
            try:
                do_effect(pk)
            except Exception as unforeseen:
                stuck[tuple(chain)] = unforeseen
    _finish(run_id)
    if stuck:
        raise next(iter(stuck.values()))


def do_effect(effect_id: int) -> None:
    """One effect; one that another worker is doing, or has done, is left alone."""
    try:
        with transaction.atomic():
            effect = _held(effect_id)
            if effect is not None:
                _perform(effect)
    except (RequestRefused, NotVisible, Forbidden) as refused:
        _refused(effect_id, _words(refused))
    except Exception as error:
        _failed(effect_id, error)


def _held(effect_id: int) -> Effect | None:
    found = Effect.objects.select_for_update(of=["self"]).filter(pk=effect_id).first()
    return found if found is not None and found.status == EffectStatus.WAITING else None


def _perform(effect: Effect) -> None:
    effect.made = performer_of(effect.kind).perform(effect)
    effect.status, effect.done_at, effect.error = EffectStatus.DONE, timezone.now(), ""
    effect.attempts += 1
    effect.save(update_fields=["made", "status", "done_at", "error", "attempts"])


@transaction.atomic
def _refused(effect_id: int, words: str) -> None:
    """It will not succeed by trying again; what comes after it is left out, unless the rule says to go on."""
    effect = _held(effect_id)
    if effect is None:
        return
    effect.status, effect.error, effect.attempts = EffectStatus.FAILED, words, effect.attempts + 1
    effect.save(update_fields=["status", "error", "attempts"])
    if not effect.goes_on:
        _after(effect).update(status=EffectStatus.SKIPPED, error=_SKIPPED)


def _failed(effect_id: int, error: Exception) -> None:
    """Something unforeseen: tried again with the job, and given up in words after the last attempt."""
    with transaction.atomic():
        effect = _held(effect_id)
        if effect is None:
            return
        effect.attempts += 1
        effect.error = f"{type(error).__name__}: {error}"
        effect.save(update_fields=["attempts", "error"])
    if effect.attempts < MOST_ATTEMPTS:
        raise error
    _refused(effect_id, effect.error)


def _after(effect: Effect) -> QuerySet[Effect]:
    same = Effect.objects.filter(run=effect.run_id, account=effect.account_id, part=effect.part)
    return same.filter(occurrence=effect.occurrence, place__gt=effect.place, status=EffectStatus.WAITING)


@transaction.atomic
def _finish(run_id: int) -> None:
    run = RuleRun.objects.select_for_update().get(pk=run_id)
    left = Effect.objects.filter(run=run, status=EffectStatus.WAITING).exists()
    if run.status == RunStatus.DOING and not left:
        run.status, run.ended_at = RunStatus.DONE, timezone.now()
        run.save(update_fields=["status", "ended_at"])


def _words(refused: Exception) -> str:
    if isinstance(refused, NotVisible):
        return "there is no such thing any more"
    return str(refused)
