"""Success plans: what a customer wants to reach, its objectives, and the calls that lead there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.models import Objective, SuccessPlan
from keepwell.apps.cockpit.operations.opening import Opened, Wanted, open_call
from keepwell.apps.cockpit.owners import CSM, by_hand, by_role
from keepwell.apps.cockpit.queries import PLAN, objective_for, plan_for
from keepwell.apps.cockpit.telling import log
from keepwell.apps.cockpit.words import CallType, ObjectiveStatus, Origin, PlanStatus
from keepwell.apps.customers.queries import account_for
from keepwell.errors import FieldRefused

MOST = 100


@transaction.atomic
def make_plan(
    *, actor: Actor, account_id: str, title: str, text: str = "", owner_id: int | None = None,
    starts_on: date | None = None, ends_on: date | None = None,
) -> SuccessPlan:  # fmt: skip
    """A plan without objectives yet."""
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    owner = by_hand(owner_id, account) if owner_id else by_role(CSM, account)
    begins = starts_on or today_of(owner)
    _check_dates(begins, ends_on)
    plan = SuccessPlan.objects.create(
        account=account, title=_title(title), text=text[:20_000], owner=owner, starts_on=begins, ends_on=ends_on,
        made_at=timezone.now(), made_by=actor.name,
    )  # fmt: skip
    _note(actor, plan, "made")
    log(actor, account, key=f"plan:{plan.pk}:made", title=f"Success plan: {plan.title}", text=plan.text)
    return plan


@transaction.atomic
def edit_plan(
    *, actor: Actor, plan_id: int, title: str, text: str, owner_id: int | None, starts_on: date, ends_on: date | None
) -> SuccessPlan:
    """Its words, owner and dates."""
    require(actor, Permission.WRITE)
    plan = held_plan(actor, plan_id)
    before = _said(plan)
    _check_dates(starts_on, ends_on)
    plan.title, plan.text, plan.starts_on, plan.ends_on = _title(title), text[:20_000], starts_on, ends_on
    plan.owner = by_hand(owner_id, plan.account) if owner_id else by_role(CSM, plan.account)
    plan.save()
    _note(actor, plan, "edited", before)
    return plan


@transaction.atomic
def end_plan(*, actor: Actor, plan_id: int, status: str) -> SuccessPlan:
    """Achieved, ended, or active again."""
    require(actor, Permission.WRITE)
    plan = held_plan(actor, plan_id)
    if status not in PlanStatus.values:
        raise FieldRefused("status", f"choose one of {', '.join(PlanStatus.values)}")
    before, plan.status = _said(plan), status
    if before == _said(plan):
        return plan
    plan.save()
    _note(actor, plan, "set status", before)
    stamp = f"plan:{plan.pk}:{plan.changed_at.isoformat()}"
    log(actor, plan.account, key=stamp, title=f"Success plan {plan.get_status_display().lower()}: {plan.title}")
    return plan


@transaction.atomic
def add_objective(
    *,
    actor: Actor,
    plan_id: int,
    title: str,
    measure: str = "",
    owner_id: int | None = None,
    due_on: date | None = None,
) -> Objective:
    """After those that are there."""
    require(actor, Permission.WRITE)
    plan = held_plan(actor, plan_id)
    count = plan.objectives.count()
    if count >= MOST:
        raise FieldRefused("title", f"a plan has at most {MOST} objectives")
    owner = by_hand(owner_id, plan.account) if owner_id else plan.owner
    made = Objective.objects.create(plan=plan, place=count + 1, title=_title(title), measure=measure[:300],
                                    owner=owner, due_on=due_on)  # fmt: skip
    _note(actor, plan, "added objective", after={"objective": made.title})
    return made


@transaction.atomic
def set_objective(*, actor: Actor, objective_id: int, status: str) -> Objective:
    """Achieved, missed, dropped, or open again; the timeline has what was achieved."""
    require(actor, Permission.WRITE)
    found = held_objective(actor, objective_id)
    if status not in ObjectiveStatus.values:
        raise FieldRefused("status", f"choose one of {', '.join(ObjectiveStatus.values)}")
    before, found.status = found.status, status
    if before == status:
        return found
    found.ended_on = None if status == ObjectiveStatus.OPEN else today_of(actor.user)
    found.save()
    plan = found.plan
    _note(actor, plan, "set objective", {"objective": f"{found.title}: {before}"},
          {"objective": f"{found.title}: {status}"})  # fmt: skip
    if status == ObjectiveStatus.ACHIEVED:
        log(
            actor,
            plan.account,
            key=f"objective:{found.pk}:{found.ended_on}",
            title=f"Objective achieved: {found.title}",
        )
    return found


@transaction.atomic
def open_objective_call(*, actor: Actor, objective_id: int, title: str, due_on: date | None = None) -> Opened:
    """A call to action that works towards an objective."""
    require(actor, Permission.WRITE)
    found = held_objective(actor, objective_id)
    wanted = Wanted(
        type=CallType.OBJECTIVE, title=title, reason_words=f"{found.title}: {title}"[:300], due=due_on or found.due_on,
        owner_id=found.owner_id, origin=Origin.PLAN, objective_id=found.pk,
    )  # fmt: skip
    return open_call(actor=actor, account_id=found.plan.account_id, wanted=wanted)


def held_plan(actor: Actor, plan_id: int) -> SuccessPlan:
    plan_for(actor, plan_id)
    return SuccessPlan.objects.select_for_update(of=("self",)).select_related("account", "owner").get(pk=plan_id)


def held_objective(actor: Actor, objective_id: int) -> Objective:
    objective_for(actor, objective_id)
    return Objective.objects.select_for_update(of=("self",)).select_related("plan__account").get(pk=objective_id)


def _said(plan: SuccessPlan) -> dict[str, Any]:
    return {"title": plan.title, "text": plan.text, "owner": plan.owner.name if plan.owner else None,
            "starts_on": plan.starts_on, "ends_on": plan.ends_on, "status": plan.status}  # fmt: skip


def _note(
    actor: Actor, plan: SuccessPlan, action: str, before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    record(actor, action, kind=PLAN, of=plan.pk, name=plan.title, account_id=plan.account_id, before=before,
           after=after or _said(plan))  # fmt: skip


def _check_dates(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise FieldRefused("ends_on", f"it would end before it begins on {starts_on}")


def _title(title: str) -> str:
    if not title.strip() or len(title) > 300:
        raise FieldRefused("title", "give a title of 1 to 300 characters")
    return title.strip()
