"""A call ends with an outcome, goes on after all, or is taken back by what opened it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.measuring import CLOSED, forget_end, measure_later, measure_now
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.cockpit.queries import CALL, held_call
from keepwell.apps.cockpit.telling import log_call, tell_about
from keepwell.apps.cockpit.words import BY_HAND_OUTCOMES, CallStatus, Outcome, TaskStatus
from keepwell.errors import FieldRefused

ENDED_WITH_CALL = "the call was closed"
_SUCCESSES = (Outcome.SUCCEEDED, Outcome.PARTLY)
_LONGEST = 5_000


@transaction.atomic
def close_call(*, actor: Actor, call_id: int, outcome: str, note: str = "") -> CallToAction:
    """With an outcome, always. It succeeded only if every required task is done, or left out with a reason.

    Score and revenue are noted now, and on the days 30, 60 and 90 days from now.
    """
    require(actor, Permission.WRITE)
    call = held_call(actor, call_id)
    if not call.is_open:
        raise FieldRefused("outcome", f"this call is closed already: {call.get_outcome_display().lower()}")
    if outcome not in {one.value for one in BY_HAND_OUTCOMES}:
        there = ", ".join(one.value for one in BY_HAND_OUTCOMES)
        raise FieldRefused("outcome", f"say how it ended; there are: {there}")
    if len(note) > _LONGEST:
        raise FieldRefused("note", f"a note has at most {_LONGEST} characters")
    if outcome in _SUCCESSES:
        _check_required(call)
    end(actor, call, outcome, note)
    measure_later(call)
    return call


@transaction.atomic
def withdraw_call(*, actor: Actor, call_id: int, note: str) -> CallToAction:
    """It should not have been opened, so nothing is measured; for what opened it."""
    require(actor, Permission.WRITE)
    call = held_call(actor, call_id)
    if call.is_open:
        end(actor, call, Outcome.WITHDRAWN, note)
    return call


@transaction.atomic
def reopen_call(*, actor: Actor, call_id: int) -> CallToAction:
    """It goes on; what was measured at its end is forgotten, tasks that ended with it are open again."""
    require(actor, Permission.WRITE)
    call = held_call(actor, call_id)
    if call.is_open:
        return call
    same = CallToAction.objects.filter(account=call.account_id, type=call.type, reason=call.reason)
    if other := same.exclude(status=CallStatus.CLOSED).first():
        raise FieldRefused("status", f"the same is open already, as call {other.pk}: {other.title}")
    before = _ending(call)
    times = call.measurements.count()
    call.status, call.closed_at, call.closed_by = CallStatus.OPEN, None, ""
    call.outcome, call.outcome_note = "", ""
    call.save()
    forget_end(call)
    call.tasks.filter(status=TaskStatus.SKIPPED, remark=ENDED_WITH_CALL).update(
        status=TaskStatus.OPEN, remark="", ended_at=None, ended_by=""
    )
    record(actor, "reopened", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id, before=before,
           after={"status": call.status})  # fmt: skip
    stamp = f"reopened:{call.changed_at.isoformat()}:{times}"
    log_call(actor, call, stamp, f"{call.get_type_display()} reopened: {call.title}")
    tell_about(call, actor, f"{actor.name} reopened", stamp)
    return call


def end(actor: Actor, call: CallToAction, outcome: str, note: str) -> None:
    """The call is locked by whoever calls this."""
    before, now = {"status": call.status}, timezone.now()
    call.status, call.outcome, call.outcome_note = CallStatus.CLOSED, outcome, note.strip()
    call.closed_at, call.closed_by = now, actor.name
    call.snoozed_until, call.snooze_reason = None, ""
    call.save()
    Task.objects.filter(call=call, status=TaskStatus.OPEN).update(
        status=TaskStatus.SKIPPED, remark=ENDED_WITH_CALL, ended_at=now, ended_by=actor.name
    )
    measure_now(call, CLOSED)
    record(actor, "closed", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id, before=before,
           after=_ending(call))  # fmt: skip
    words = f"{call.get_type_display()} closed, {call.get_outcome_display().lower()}: {call.title}"
    log_call(actor, call, f"closed:{now.isoformat()}", words, call.outcome_note)
    tell_about(call, actor, f"{actor.name} closed, {call.get_outcome_display().lower()}", f"closed:{now.isoformat()}")


def _check_required(call: CallToAction) -> None:
    left = call.tasks.filter(is_required=True, status=TaskStatus.OPEN).values_list("title", flat=True)
    if left:
        raise FieldRefused(
            "outcome",
            f"it did not succeed before these are done, or left out with a reason: {', '.join(left)}",
        )


def _ending(call: CallToAction) -> dict[str, Any]:
    return {"status": call.status, "outcome": call.outcome, "note": call.outcome_note, "closed_by": call.closed_by}
