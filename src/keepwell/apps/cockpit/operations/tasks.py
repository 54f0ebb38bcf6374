"""Tasks of a call: added, changed, done, left out, and undone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.cockpit.operations.changing import open_and_held
from keepwell.apps.cockpit.owners import by_hand
from keepwell.apps.cockpit.playing import date_followers
from keepwell.apps.cockpit.queries import TASK, task_for
from keepwell.apps.cockpit.telling import log_call, tell
from keepwell.apps.cockpit.words import CallStatus, TaskStatus
from keepwell.errors import FieldRefused

MOST = 200


@transaction.atomic
def add_task(
    *,
    actor: Actor,
    call_id: int,
    title: str,
    help_text: str = "",
    owner_id: int | None = None,
    due_on: date | None = None,
) -> Task:  # fmt: skip
    """By hand, after those that are there; its owner is the call's unless somebody else is chosen."""
    require(actor, Permission.WRITE)
    call = open_and_held(actor, call_id)
    count = call.tasks.count()
    if count >= MOST:
        raise FieldRefused("title", f"a call has at most {MOST} tasks; close some of them or open another call")
    owner = by_hand(owner_id, call.account) if owner_id else call.owner
    task = Task.objects.create(call=call, place=count + 1, title=_title(title), help=help_text[:5000], owner=owner,
                               due_on=due_on)  # fmt: skip
    _note(actor, task, "added")
    _tell_owner(actor, task)
    return task


@transaction.atomic
def edit_task(
    *, actor: Actor, task_id: int, title: str, help_text: str, owner_id: int | None, due_on: date | None
) -> Task:  # fmt: skip
    """Its words, its owner, its date."""
    require(actor, Permission.WRITE)
    task = _held(actor, task_id)
    before = _said(task)
    owner = by_hand(owner_id, task.call.account) if owner_id else None
    if owner != task.owner:
        task.owner, task.passed_from = owner, ""
    task.title, task.help, task.due_on = _title(title), help_text[:5000], due_on
    task.save()
    if _said(task) != before:
        _note(actor, task, "edited", before)
        _tell_owner(actor, task)
    return task


@transaction.atomic
def do_task(*, actor: Actor, task_id: int) -> Task:
    """Done, if what it needs is. The call is in progress from then on; tasks that follow are due from today on."""
    require(actor, Permission.WRITE)
    task = _held(actor, task_id)
    if task.status == TaskStatus.DONE:
        return task
    if missing := [one.title for one in task.needs.filter(status=TaskStatus.OPEN)]:
        raise FieldRefused("task", f"first comes: {', '.join(missing)}")
    _end(actor, task, TaskStatus.DONE, "")
    date_followers(task, today_of(actor.user or task.owner))
    log_call(actor, task.call, f"task:{task.pk}", f"Done: {task.title}")
    return task


@transaction.atomic
def skip_task(*, actor: Actor, task_id: int, reason: str) -> Task:
    """Left out, with a reason; what needs it need not wait for it."""
    require(actor, Permission.WRITE)
    task = _held(actor, task_id)
    if not reason.strip() or len(reason) > 300:
        raise FieldRefused("reason", "say in up to 300 characters why it is left out")
    _end(actor, task, TaskStatus.SKIPPED, reason.strip())
    return task


@transaction.atomic
def undo_task(*, actor: Actor, task_id: int) -> Task:
    """Open again; what the timeline says of it goes, since it did not happen."""
    require(actor, Permission.WRITE)
    task = _held(actor, task_id)
    if task.status == TaskStatus.OPEN:
        return task
    before = {"status": task.status}
    task.status, task.ended_at, task.ended_by, task.remark = TaskStatus.OPEN, None, "", ""
    task.save()
    _note(actor, task, "undid", before)
    _forget(task)
    return task


def _forget(task: Task) -> None:
    from keepwell.apps.timeline.models import TimelineEntry

    TimelineEntry.objects.filter(key=f"call:{task.call_id}:task:{task.pk}").delete()


def _held(actor: Actor, task_id: int) -> Task:
    """The call is locked, then the task: whoever works on one call waits for one another."""
    call = open_and_held(actor, task_for(actor, task_id).call_id)
    task = Task.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=task_id).first()
    if task is None:
        raise NotVisible
    task.call = call
    return task


def _end(actor: Actor, task: Task, status: str, remark: str) -> None:
    before = {"status": task.status}
    task.status, task.remark, task.ended_at, task.ended_by = status, remark, timezone.now(), actor.name
    task.save()
    _note(actor, task, "did" if status == TaskStatus.DONE else "left out", before)
    call: CallToAction = task.call
    if call.status == CallStatus.OPEN:
        call.status = CallStatus.IN_PROGRESS
        call.save(update_fields=["status", "changed_at"])


def _note(actor: Actor, task: Task, action: str, before: dict[str, Any] | None = None) -> None:
    record(actor, action, kind=TASK, of=task.pk, name=task.title, account_id=task.call.account_id, before=before,
           after=_said(task))  # fmt: skip


def _said(task: Task) -> dict[str, Any]:
    return {"title": task.title, "help": task.help, "due_on": task.due_on, "status": task.status,
            "owner": task.owner.name if task.owner else None, "remark": task.remark}  # fmt: skip


def _tell_owner(actor: Actor, task: Task) -> None:
    if task.owner is not None:
        words = f"{task.call.account.name}: a task for you: {task.title}"
        tell(task.owner, task.call, actor, words, f"task:{task.pk}:{task.owner.pk}")


def _title(title: str) -> str:
    if not title.strip() or len(title) > 300:
        raise FieldRefused("title", "give a title of 1 to 300 characters")
    return title.strip()
