"""A playbook becomes tasks of a call; another takes its place, and what was done stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.calendars import calendar_of, usual_calendar
from keepwell.apps.cockpit.dating import due_days
from keepwell.apps.cockpit.models import Attachment, CallToAction, PlaybookRun, Task
from keepwell.apps.cockpit.owners import CSM, by_role
from keepwell.apps.cockpit.playbooks import InForce, playbook_named
from keepwell.apps.cockpit.queries import CALL
from keepwell.apps.cockpit.telling import log_call, tell
from keepwell.apps.cockpit.words import TaskStatus
from keepwell.apps.rules.models import Treatment
from keepwell.definitions.delays import Delay
from keepwell.definitions.playbooks import AfterTask
from keepwell.definitions.playbooks import Task as Step

_LIMIT = 300


def play(actor: Actor, call: CallToAction, name: str) -> PlaybookRun:
    """The call is locked by whoever calls this. Raises FieldRefused; the same version again changes nothing."""
    found = playbook_named(name, call.type)
    standing = PlaybookRun.objects.filter(call=call, replaced_at=None).first()
    if standing is not None and (standing.playbook, standing.version) == (name, found.version):
        return standing
    if standing is not None:
        replace(standing)
    now = timezone.now()
    run = PlaybookRun.objects.create(call=call, playbook=name, version=found.version, title=found.title[:_LIMIT],
                                     applied_at=now, applied_by=actor.name)  # fmt: skip
    _tasks(actor, call, run, found)
    before, call.playbook = call.playbook, name
    call.save(update_fields=["playbook", "changed_at"])
    Treatment.objects.create(by=f"playbook:{name}"[:120], version=found.version, account=call.account,
                             occurrence=f"call:{call.pk}:{run.pk}", occurred_at=now)  # fmt: skip
    record(actor, "applied playbook", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id,
           before={"playbook": before}, after={"playbook": name, "version": found.version})  # fmt: skip
    log_call(actor, call, f"playbook:{run.pk}", f"Playbook applied: {found.title}")
    return run


def replace(run: PlaybookRun) -> None:
    """Its open tasks go; those that were done or left out stay."""
    run.tasks.filter(status=TaskStatus.OPEN).delete()
    run.replaced_at = timezone.now()
    run.save(update_fields=["replaced_at"])


def _tasks(actor: Actor, call: CallToAction, run: PlaybookRun, found: InForce) -> None:
    begin = call.tasks.count()
    steps = {step.name: step for step in found.book.tasks}
    made = {step.name: _task(call, run, begin + place, step) for place, step in enumerate(found.book.tasks, start=1)}
    _date(steps, made)
    for name, task in made.items():
        task.needs.set([made[other] for other in steps[name].needs])
        _links(actor, task, steps[name])
    for owner in {task.owner for task in made.values() if task.owner and task.owner != call.owner}:
        tell(owner, call, actor, f"{call.account.name}: tasks for you in {call.title}", f"tasks:{run.pk}")


def _task(call: CallToAction, run: PlaybookRun, place: int, step: Step) -> Task:
    owner = call.owner if step.owner == CSM and call.owner else by_role(step.owner, call.account)
    after = step.after if isinstance(step.after, AfterTask) else None
    return Task.objects.create(
        call=call, run=run, place=place, name=step.name, title=(step.title or step.name.replace("_", " "))[:_LIMIT],
        help=step.help or "", owner=owner, owner_role=step.owner, is_required=step.required,
        email={"subject": step.email.subject, "text": step.email.text} if step.email else {},
        after={"task": after.task, "days": after.delay.days, "business": after.delay.business} if after else {},
    )  # fmt: skip


def _date(steps: Mapping[str, Step], made: Mapping[str, Task]) -> None:
    """As if each were done on its day; whoever has a task has it by their own calendar."""
    usual, now = usual_calendar(), timezone.now()
    days = due_days(steps, lambda name: calendar_of(made[name].owner, usual), lambda calendar: calendar.today(now))
    for name, day in days.items():
        made[name].due_on = day
        made[name].save(update_fields=["due_on"])


def date_followers(task: Task, day: date) -> list[Task]:
    """Open tasks that are due so long after this one, which is done on a day; and those that come after them."""
    usual, moved = usual_calendar(), []
    for one in task.call.tasks.filter(run=task.run, status=TaskStatus.OPEN, after__task=task.name):
        delay = Delay(int(one.after["days"]), bool(one.after["business"]))
        one.due_on = calendar_of(one.owner, usual).due(day, delay)
        one.save(update_fields=["due_on", "changed_at"])
        moved += [one, *date_followers(one, one.due_on)]
    return moved


def _links(actor: Actor, task: Task, step: Step) -> None:
    now = timezone.now()
    Attachment.objects.bulk_create(
        Attachment(call=task.call, task=task, name=(url.rstrip("/").rpartition("/")[2] or url)[:200], url=url[:1000],
                   added_at=now, added_by=actor.name)
        for url in step.attachments
    )  # fmt: skip
