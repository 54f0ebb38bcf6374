"""What happens to calls by itself: those that slept wake up, those of people who left are passed on."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.access.models import User
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.cockpit.operations.changing import give
from keepwell.apps.cockpit.owners import by_role
from keepwell.apps.cockpit.queries import CALL, TASK
from keepwell.apps.cockpit.telling import tell, tell_about
from keepwell.apps.cockpit.words import CallStatus, TaskStatus

_ACTOR = System("the cockpit")
_EAST = timedelta(days=1)
"""In the east a day is over before it is in UTC."""


def wake_up() -> int:
    """Calls whose last day asleep is over where their owner is. Returns how many."""
    latest = timezone.now().date() + _EAST
    asleep = CallToAction.objects.filter(status=CallStatus.SNOOZED, snoozed_until__lt=latest)
    return sum(_woken(pk) for pk in asleep.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _woken(pk: int) -> bool:
    held = CallToAction.objects.select_for_update(of=("self",)).select_related("owner", "account").filter(pk=pk)
    call = held.filter(status=CallStatus.SNOOZED).first()
    if call is None or call.snoozed_until is None or call.snoozed_until >= today_of(call.owner):
        return False
    until, call.status, call.snoozed_until, call.snooze_reason = call.snoozed_until, CallStatus.OPEN, None, ""
    call.save()
    record(_ACTOR, "woke up", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id,
           before={"status": CallStatus.SNOOZED, "until": until}, after={"status": call.status})  # fmt: skip
    tell_about(call, _ACTOR, "Awake again", f"awake:{until}")
    return True


def pass_on() -> int:
    """Open calls and tasks of people who left go to whom their role means now. Returns how many."""
    gone = User.objects.filter(is_active=False).values("pk")
    calls = CallToAction.objects.exclude(status=CallStatus.CLOSED).filter(owner__in=gone)
    passed = sum(_passed(pk) for pk in calls.order_by("pk").values_list("pk", flat=True))
    tasks = Task.objects.filter(status=TaskStatus.OPEN, owner__in=gone).exclude(call__status=CallStatus.CLOSED)
    return passed + sum(_passed_task(pk) for pk in tasks.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _passed(pk: int) -> bool:
    """Nobody may be there to take it: then it stays, and the page says that its owner has left."""
    call = CallToAction.objects.select_for_update(of=("self",)).select_related("owner", "account").get(pk=pk)
    if call.owner is None or call.owner.is_active:
        return False
    owner = by_role(call.owner_role, call.account)
    return owner is not None and give(_ACTOR, call, owner, passed_from=str(call.owner))


@transaction.atomic
def _passed_task(pk: int) -> bool:
    task = Task.objects.select_for_update(of=("self",)).select_related("owner", "call__account").get(pk=pk)
    if task.owner is None or task.owner.is_active:
        return False
    owner = by_role(task.owner_role, task.call.account)
    if owner is None:
        return False
    names = {"before": {"owner": task.owner.name}, "after": {"owner": owner.name}}
    task.owner, task.passed_from = owner, str(task.owner)
    task.save(update_fields=["owner", "passed_from", "changed_at"])
    record(_ACTOR, "passed on", kind=TASK, of=task.pk, name=task.title, account_id=task.call.account_id, **names)
    words = f"{task.call.account.name}: a task is passed on to you: {task.title}"
    tell(owner, task.call, _ACTOR, words, f"task:{task.pk}:{owner.pk}")
    return True
