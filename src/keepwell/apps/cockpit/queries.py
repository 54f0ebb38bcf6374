"""Reads of the cockpit. Calls are for those who see their account; `calls_seen` is where every read begins."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

from django.db.models import Count, Model, Prefetch, Q, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.models import User
from keepwell.apps.audit.models import Change
from keepwell.apps.cockpit.models import Attachment, CallToAction, CallView, Objective, SuccessPlan, Task
from keepwell.apps.cockpit.words import CallStatus, TaskStatus
from keepwell.apps.customers.queries import sees_all, visible

_Row = TypeVar("_Row", bound=Model)
CALL, TASK, PLAN = "call to action", "task", "success plan"
"""What the audit calls them."""


def calls_seen(actor: Actor) -> QuerySet[CallToAction]:
    """Every call of accounts that the actor sees."""
    every = CallToAction.objects.select_related("account__health", "owner")
    return every if sees_all(actor) else every.filter(account__in=visible(actor))


def open_calls(actor: Actor) -> QuerySet[CallToAction]:
    return calls_seen(actor).exclude(status=CallStatus.CLOSED)


def in_their_order(rows: QuerySet[_Row], ids: Iterable[int]) -> list[_Row]:
    """The rows of these numbers: a long list is put in order by its index alone, and what is shown is read then."""
    wanted = list(ids)
    found = {one.pk: one for one in rows.filter(pk__in=wanted)}
    return [found[pk] for pk in wanted if pk in found]


def call_for(actor: Actor, call_id: int) -> CallToAction:
    """One call. Raises NotVisible where there is none for this actor."""
    found = calls_seen(actor).filter(pk=call_id).first()
    if found is None:
        raise NotVisible
    return found


def held_call(actor: Actor, call_id: int) -> CallToAction:
    """The same, locked until the transaction ends."""
    call_for(actor, call_id)
    return CallToAction.objects.select_for_update(of=("self",)).select_related("account", "owner").get(pk=call_id)


def task_for(actor: Actor, task_id: int) -> Task:
    """One task of a call that the actor sees. Raises NotVisible."""
    found = Task.objects.select_related("call__account", "owner").filter(pk=task_id)
    task = found.filter(call__account__in=visible(actor)).first()
    if task is None:
        raise NotVisible
    return task


def tasks_of(call: CallToAction) -> list[Task]:
    """In order, with what each needs first."""
    tasks = call.tasks.select_related("owner", "run").prefetch_related("needs", Prefetch("attachments", _light()))
    return list(tasks.order_by("place", "pk"))


def open_tasks(actor: Actor) -> QuerySet[Task]:
    """Tasks that are to be done, of calls that are open."""
    found = Task.objects.filter(status=TaskStatus.OPEN).exclude(call__status=CallStatus.CLOSED)
    seen = found if sees_all(actor) else found.filter(call__account__in=visible(actor))
    return seen.select_related("call__account__health", "owner")


def attachments_of(call: CallToAction) -> list[Attachment]:
    """Those of the call itself, without what is in them."""
    return list(_light().filter(call=call, task=None).order_by("pk"))


def attachment_for(actor: Actor, attachment_id: int) -> Attachment:
    found = Attachment.objects.filter(pk=attachment_id, call__account__in=visible(actor)).first()
    if found is None:
        raise NotVisible
    return found


def history_of(call: CallToAction) -> QuerySet[Change]:
    """What was done to the call and its tasks, newest first."""
    tasks = [str(pk) for pk in call.tasks.values_list("pk", flat=True)]
    mine = Q(object_kind=CALL, object_id=str(call.pk)) | Q(object_kind=TASK, object_id__in=tasks)
    return Change.objects.filter(mine, account_id=call.account_id).order_by("-at", "-pk")


def plans_seen(actor: Actor) -> QuerySet[SuccessPlan]:
    """Plans of accounts that the actor sees, the newest first."""
    found = SuccessPlan.objects.filter(account__in=visible(actor)).select_related("account__health", "owner")
    return found.order_by("-made_at", "-pk")


def plan_for(actor: Actor, plan_id: int) -> SuccessPlan:
    found = plans_seen(actor).filter(pk=plan_id).first()
    if found is None:
        raise NotVisible
    return found


def objective_for(actor: Actor, objective_id: int) -> Objective:
    found = Objective.objects.select_related("plan__account").filter(pk=objective_id)
    one = found.filter(plan__account__in=visible(actor)).first()
    if one is None:
        raise NotVisible
    return one


def views_of(actor: Actor) -> QuerySet[CallView]:
    """Saved views of the actor's own, and those that are shared."""
    return CallView.objects.filter(Q(owner=actor.user) | Q(shared=True)).select_related("owner").order_by("name", "pk")


def load_of(people: Collection[User]) -> dict[int, int]:
    """How many open calls each of them has, by id."""
    counted = CallToAction.objects.exclude(status=CallStatus.CLOSED).filter(owner__in=people).order_by()
    return dict(counted.values_list("owner_id").annotate(Count("pk")))


def _light() -> QuerySet[Attachment]:
    return Attachment.objects.defer("content").order_by("pk")
