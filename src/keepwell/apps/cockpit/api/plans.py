"""Success plans over the API."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.cockpit.api.schemas import CallDetail, Somebody
from keepwell.apps.cockpit.models import CallToAction, Objective, SuccessPlan
from keepwell.apps.cockpit.operations.plans import (
    add_objective,
    edit_plan,
    end_plan,
    make_plan,
    open_objective_call,
    set_objective,
)
from keepwell.apps.cockpit.queries import call_for, plan_for, plans_seen
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Day, Id, Key, Sent

router = Router(tags=["Cockpit"])


class PlanIn(Sent):
    title: str = Field(min_length=1, max_length=300, examples=["Roll out to all plants"])
    text: str = Field("", max_length=20_000)
    owner_id: Id | None = None
    starts_on: Day
    ends_on: Day | None = None


class PlanStatusIn(Sent):
    status: Literal["active", "achieved", "ended"]


class ObjectiveIn(Sent):
    title: str = Field(min_length=1, max_length=300, examples=["400 active users"])
    measure: str = Field("", max_length=300)
    owner_id: Id | None = None
    due_on: Day | None = None


class ObjectiveStatusIn(Sent):
    status: Literal["open", "achieved", "missed", "dropped"]


class ObjectiveCallIn(Sent):
    title: str = Field(min_length=1, max_length=300)
    due_on: Day | None = None


class ObjectiveOut(Schema):
    id: int
    title: str
    measure: str
    owner: Somebody | None
    due_on: date | None
    status: str
    ended_on: date | None
    calls: list[int]

    @staticmethod
    def resolve_calls(objective: Any) -> list[int]:
        return sorted(objective.calls.values_list("pk", flat=True))


class PlanOut(Schema):
    id: int
    account_id: str
    title: str
    text: str
    owner: Somebody | None
    status: str
    starts_on: date
    ends_on: date | None
    objectives: list[ObjectiveOut]

    @staticmethod
    def resolve_objectives(plan: Any) -> list[Any]:
        return list(plan.objectives.select_related("owner"))


@router.get("/plans", response=Page[PlanOut], auth=VIEW, summary="List success plans")
def list_success_plans(
    request: HttpRequest, account: str = "", cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Of all accounts that you see, newest first, or of one."""
    found = plans_seen(actor_of(request))
    return page(found.filter(account=account) if account else found, ["-made_at", "-pk"], cursor, limit)


@router.post("/accounts/{account_id}/plans", response={201: PlanOut}, auth=WRITE, summary="Make a success plan")
def post_success_plan(request: HttpRequest, account_id: Key, sent: PlanIn) -> Status[SuccessPlan]:
    """Without objectives yet."""
    return Status(201, make_plan(actor=actor_of(request), account_id=account_id, **sent.dict()))


@router.get("/plans/{int:plan_id}", response=PlanOut, auth=VIEW, summary="Get a success plan")
def get_success_plan(request: HttpRequest, plan_id: Id) -> SuccessPlan:
    """With its objectives and the calls that work towards them."""
    return plan_for(actor_of(request), plan_id)


@router.put("/plans/{int:plan_id}", response=PlanOut, auth=WRITE, summary="Edit a success plan")
def put_success_plan(request: HttpRequest, plan_id: Id, sent: PlanIn) -> SuccessPlan:
    """Its words, owner and dates."""
    return edit_plan(actor=actor_of(request), plan_id=plan_id, **sent.dict())


@router.put("/plans/{int:plan_id}/status", response=PlanOut, auth=WRITE, summary="End a success plan")
def put_success_plan_status(request: HttpRequest, plan_id: Id, sent: PlanStatusIn) -> SuccessPlan:
    """Achieved, ended, or active again."""
    return end_plan(actor=actor_of(request), plan_id=plan_id, status=sent.status)


@router.post("/plans/{int:plan_id}/objectives", response={201: ObjectiveOut}, auth=WRITE, summary="Add an objective")
def post_objective(request: HttpRequest, plan_id: Id, sent: ObjectiveIn) -> Status[Objective]:
    """After those that are there."""
    return Status(201, add_objective(actor=actor_of(request), plan_id=plan_id, **sent.dict()))


@router.put(
    "/plans/objectives/{int:objective_id}/status", response=ObjectiveOut, auth=WRITE, summary="End an objective"
)
def put_objective_status(request: HttpRequest, objective_id: Id, sent: ObjectiveStatusIn) -> Objective:
    """Achieved, missed, dropped, or open again."""
    return set_objective(actor=actor_of(request), objective_id=objective_id, status=sent.status)


@router.post("/plans/objectives/{int:objective_id}/calls", response={201: CallDetail}, auth=WRITE,
             summary="Open a call towards an objective")  # fmt: skip
def post_objective_call(request: HttpRequest, objective_id: Id, sent: ObjectiveCallIn) -> Status[CallToAction]:
    """Of the type objective."""
    actor = actor_of(request)
    opened = open_objective_call(actor=actor, objective_id=objective_id, title=sent.title, due_on=sent.due_on)
    return Status(201, call_for(actor, opened.call.pk))
