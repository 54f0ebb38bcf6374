"""What changes about a call while it is open: words, priority, owner, flag, date, state."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.calendars import calendar_of, today_of
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.owners import by_hand, by_role
from keepwell.apps.cockpit.queries import CALL, held_call
from keepwell.apps.cockpit.telling import log_call, tell, tell_about
from keepwell.apps.cockpit.words import CallStatus, CallType, Priority, TaskStatus
from keepwell.definitions.delays import Delay
from keepwell.errors import FieldRefused

_MOVES = (CallStatus.OPEN, CallStatus.IN_PROGRESS)
_LONGEST_SNOOZE = timedelta(days=366)


@transaction.atomic
def edit_call(*, actor: Actor, call_id: int, title: str, text: str, priority: int) -> CallToAction:
    """What it says and how much it presses."""
    require(actor, Permission.WRITE)
    call = open_and_held(actor, call_id)
    if not title.strip() or len(title) > 300:
        raise FieldRefused("title", "give a title of 1 to 300 characters")
    if priority not in Priority.values:
        raise FieldRefused("priority", f"choose one of {', '.join(one.label for one in Priority)}")
    _put(actor, call, "edited", title=title.strip(), text=text[:20_000], priority=priority)
    return call


@transaction.atomic
def assign_call(*, actor: Actor, call_id: int, owner_id: int) -> CallToAction:
    """To somebody who sees the account; the open tasks of the owner before go along."""
    require(actor, Permission.WRITE)
    call = open_and_held(actor, call_id)
    give(actor, call, by_hand(owner_id, call.account))
    return call


@transaction.atomic
def assign_to(*, actor: Actor, call_id: int, owner: str) -> CallToAction:
    """To whom a role means at the account; nobody where it means nobody."""
    require(actor, Permission.WRITE)
    call = open_and_held(actor, call_id)
    give(actor, call, by_role(owner, call.account))
    return call


def give(actor: Actor, call: CallToAction, owner: User | None, *, passed_from: str = "") -> bool:
    """Whether this changed anything. The call is locked by whoever calls this."""
    if call.owner == owner:
        return False
    before = call.owner
    names = {"before": {"owner": before.name if before else None}, "after": {"owner": owner.name if owner else None}}
    call.owner, call.passed_from = owner, passed_from
    call.save(update_fields=["owner", "passed_from", "changed_at"])
    call.tasks.filter(status=TaskStatus.OPEN, owner=before).update(owner=owner, passed_from=passed_from)
    record(actor, "passed on" if passed_from else "assigned", kind=CALL, of=call.pk, name=call.title,
           account_id=call.account_id, **names)  # fmt: skip
    stamp = f"owner:{call.changed_at.isoformat()}"
    log_call(actor, call, stamp, f"{'Passed on' if passed_from else 'Assigned'} to {owner or 'nobody'}: {call.title}")
    if owner is not None:
        tell(owner, call, actor, f"{actor.name} gave you, for {call.account.name}: {call.title}", stamp)
    return True


@transaction.atomic
def flag_call(*, actor: Actor, call_id: int, flagged: bool) -> CallToAction:
    """Marks what must not be lost sight of."""
    require(actor, Permission.WRITE)
    call = held_call(actor, call_id)
    _put(actor, call, "flagged" if flagged else "unflagged", is_flagged=flagged)
    return call


@transaction.atomic
def move_due(*, actor: Actor, call_id: int, due_on: date | Delay | None, with_tasks: bool = False) -> int:
    """Another date, or so long from today; `with_tasks` moves open tasks by as many business days. Returns how many."""
    require(actor, Permission.WRITE)
    call = open_and_held(actor, call_id)
    before = call.due_on
    if isinstance(due_on, Delay):
        due_on = calendar_of(call.owner).due(today_of(call.owner), due_on)
    _put(actor, call, "moved due date", due_on=due_on)
    if not with_tasks or before is None or due_on is None or before == due_on:
        return 0
    steps = business_days_between(call.owner, before, due_on)
    tasks = list(call.tasks.filter(status=TaskStatus.OPEN, due_on__isnull=False).select_related("owner"))
    for task in tasks:
        assert task.due_on is not None
        task.due_on = calendar_of(task.owner).after(task.due_on, steps) if steps else task.due_on
        task.save(update_fields=["due_on", "changed_at"])
    record(actor, "moved tasks", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id,
           after={"tasks": len(tasks), "business_days": steps})  # fmt: skip
    return len(tasks)


def business_days_between(user: User | None, first: date, last: date) -> int:
    """How many business days lie after one day and up to another; below zero where that is earlier."""
    calendar = calendar_of(user)
    early, late = sorted((first, last))
    count = sum(calendar.is_business_day(early + timedelta(days=n)) for n in range(1, (late - early).days + 1))
    return count if first <= last else -count


@transaction.atomic
def move_call(*, actor: Actor, call_id: int, status: str) -> CallToAction:
    """Open, or in progress; what sleeps wakes up. Snoozing asks for a date and closing for an outcome."""
    require(actor, Permission.WRITE)
    if status not in _MOVES:
        raise FieldRefused("status", f"move it to {' or '.join(_MOVES)}; to snooze or close it takes a reason")
    call = open_and_held(actor, call_id)
    _put(actor, call, "moved", status=status, snoozed_until=None, snooze_reason="")
    return call


@transaction.atomic
def snooze_call(*, actor: Actor, call_id: int, until: date, reason: str) -> CallToAction:
    """Out of sight through a day, with a reason; then it is open again by itself."""
    require(actor, Permission.WRITE)
    call = open_and_held(actor, call_id)
    today = today_of(call.owner)
    if not today <= until <= today + _LONGEST_SNOOZE:
        raise FieldRefused("until", f"snooze through a day from {today} on, a year at most")
    if not reason.strip() or len(reason) > 300:
        raise FieldRefused("reason", "say in up to 300 characters why it can wait")
    _put(actor, call, "snoozed", status=CallStatus.SNOOZED, snoozed_until=until, snooze_reason=reason.strip())
    log_call(actor, call, f"snoozed:{call.changed_at.isoformat()}", f"Snoozed through {until}: {call.title}", reason)
    return call


@transaction.atomic
def set_mitigation(*, actor: Actor, call_id: int, mitigation: str, review_on: date | None) -> CallToAction:
    """Of a risk: what is done about it, and when it is looked at next."""
    require(actor, Permission.WRITE)
    call = open_and_held(actor, call_id)
    if call.type != CallType.RISK:
        raise FieldRefused("mitigation", "only risks are in the risk register")
    if len(mitigation) > 5_000:
        raise FieldRefused("mitigation", "say it in at most 5,000 characters")
    _put(actor, call, "set mitigation", mitigation=mitigation.strip(), review_on=review_on)
    tell_about(call, actor, f"{actor.name} changed what is done about it", f"risk:{call.changed_at.isoformat()}")
    return call


def open_and_held(actor: Actor, call_id: int) -> CallToAction:
    """Locked. Raises FieldRefused for one that is closed."""
    call = held_call(actor, call_id)
    if not call.is_open:
        raise FieldRefused("status", "this call is closed; reopen it first")
    return call


def _put(actor: Actor, call: CallToAction, action: str, **fields: Any) -> None:
    """Nothing where all stands so already."""
    before = {name: getattr(call, name) for name in fields}
    if before == fields:
        return
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=[*fields, "changed_at"])
    record(actor, action, kind=CALL, of=call.pk, name=call.title, account_id=call.account_id, before=before,
           after=fields)  # fmt: skip
