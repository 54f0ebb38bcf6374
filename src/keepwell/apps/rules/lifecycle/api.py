"""The lifecycle over the API: stages with how they stand, the accounts of one, and one account's milestones."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rules.lifecycle.overview import accounts_in, overview, stages_in_force, stay_of
from keepwell.apps.rules.lifecycle.staying import Stay, day_now, stays_of

router = Router(tags=["Lifecycle"])


class LifecycleStage(Schema):
    """`sentences`: what lets accounts in and out. `median_days`: in the stage; `over`: accounts there for longer than
    the `expected` days; `overdue`: milestones. `is_defined` is false for a word that only the data know."""

    name: str
    title: str
    help: str
    sentences: list[str]
    expected: int | None
    accounts: int
    arr: float
    median_days: int | None
    over: int
    overdue: int
    is_defined: bool


class MilestoneOut(Schema):
    """`state`: reached, due or overdue; `overdue`: by how many days."""

    name: str
    title: str
    state: str
    due_on: date | None
    reached_on: date | None
    overdue: int


class StayOut(Schema):
    """`days`: in the stage; `over`: by how many days longer than the `expected` ones."""

    account_id: str
    name: str
    stage: str
    since: date | None
    days: int | None
    expected: int | None
    over: int
    milestones: list[MilestoneOut]


@router.get("/lifecycle", response=list[LifecycleStage], auth=VIEW, summary="Stages with how they stand")
def list_lifecycle(request: HttpRequest) -> list[Any]:
    """In order, of the accounts that you see; an empty name stands for accounts without a stage."""
    return list(overview(actor_of(request)))


@router.get("/lifecycle/accounts", response=Page[StayOut], auth=VIEW, summary="Accounts of a stage")
def list_stays(
    request: HttpRequest,
    stage: Annotated[str, Query(max_length=100, examples=["onboarding"])],
    only: Annotated[Literal["", "over", "overdue"], Query(description="Over the expected time, or overdue")] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """With the time in the stage and each milestone, by id; nothing for a stage that no account of yours is in."""
    actor = actor_of(request)
    found = page(accounts_in(actor, stage, only), ["pk"], cursor, limit)
    stays = stays_of(found["items"], stages_in_force(), day_now())
    return {"items": [_out(one) for one in stays], "next": found["next"]}


@router.get(
    "/accounts/{account_id}/lifecycle", response=StayOut, auth=VIEW, summary="Stage and milestones of an account"
)
def get_stay(request: HttpRequest, account_id: str) -> dict[str, Any]:
    """Where it is now; where it has been is at `/accounts/{account_id}/stages`."""
    return _out(stay_of(actor_of(request), account_id))


def _out(stay: Stay) -> dict[str, Any]:
    return {"account_id": stay.account.pk, "name": stay.account.name, "stage": stay.stage, "since": stay.since,
            "days": stay.days, "expected": stay.expected, "over": stay.over, "milestones": stay.steps}  # fmt: skip
