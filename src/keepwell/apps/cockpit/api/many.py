"""Many calls at once, and saved views, over the API."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.cockpit.models import CallBulkChange, CallView
from keepwell.apps.cockpit.operations.bulk import MOST, change_calls, undo_change_of_calls
from keepwell.apps.cockpit.operations.saved_views import delete_call_view, save_call_view
from keepwell.apps.cockpit.queries import views_of
from keepwell.apps.rest.authentication import BULK, VIEW, actor_of
from keepwell.apps.rest.schemas import Done, Id, Sent

router = Router(tags=["Cockpit"])


class BulkIn(Sent):
    """`value`: of owner a person's number, of due a date or nothing, of priority and status a word, of flag yes or no,
    of close an outcome."""

    calls: list[Id] = Field(min_length=1, max_length=MOST)
    action: Literal["owner", "due", "priority", "flag", "status", "close"]
    value: str = Field("", max_length=300)


class BulkOut(Schema):
    """`id`: by which it can be undone."""

    id: int
    changed: int

    @staticmethod
    def resolve_changed(bulk: Any) -> int:
        return len(bulk.before)


class CallViewIn(Sent):
    name: str = Field(min_length=1, max_length=100)
    query: str = Field(min_length=1, max_length=2000, pattern=r"^\?", examples=["?owner=me&due=overdue"])
    shared: bool = False


class CallViewOut(Schema):
    id: int
    name: str
    query: str
    shared: bool


@router.post("/calls/bulk", response=BulkOut, auth=BULK, summary="Change many calls")
def change_many_calls(request: HttpRequest, sent: BulkIn) -> CallBulkChange:
    """All of them or none."""
    return change_calls(actor=actor_of(request), call_ids=sent.calls, action=sent.action, value=sent.value)


@router.post("/calls/bulk/{int:bulk_id}/undo", response=Done, auth=BULK, summary="Undo a change of many calls")
def undo_change_of_many_calls(request: HttpRequest, bulk_id: Id) -> dict[str, int]:
    """Your own; where nobody changed a call since."""
    return {"changed": undo_change_of_calls(actor=actor_of(request), bulk_id=bulk_id)}


@router.get("/calls/views", response=list[CallViewOut], auth=VIEW, summary="List views of calls")
def list_call_views(request: HttpRequest) -> list[CallView]:
    """Your own, and those that are shared."""
    return list(views_of(actor_of(request)))


@router.post("/calls/views", response={201: CallViewOut}, auth=VIEW, summary="Keep a view of calls")
def post_call_view(request: HttpRequest, sent: CallViewIn) -> Status[CallView]:
    """One of your own with that name is replaced."""
    return Status(201, save_call_view(actor=actor_of(request), **sent.dict()))


@router.delete("/calls/views/{int:view_id}", response={204: None}, auth=VIEW, summary="Delete a view of calls")
def remove_call_view(request: HttpRequest, view_id: Id) -> None:
    """One of your own."""
    delete_call_view(actor=actor_of(request), view_id=view_id)
