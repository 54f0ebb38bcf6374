"""Calls over the API: listed, opened, changed, closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from keepwell.apps.access.actors import Person
from keepwell.apps.cockpit.api.schemas import (
    CallDetail,
    CallIn,
    CallOut,
    CallPut,
    CallType,
    CloseIn,
    DueIn,
    FlagIn,
    MovedIn,
    OwnerIn,
    PlaybookIn,
    PriorityWord,
    RiskIn,
    SnoozeIn,
    number_of,
)
from keepwell.apps.cockpit.filtering import Filters, narrowed
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.changing import (
    assign_call,
    edit_call,
    flag_call,
    move_call,
    move_due,
    set_mitigation,
    snooze_call,
)
from keepwell.apps.cockpit.operations.closing import close_call, reopen_call
from keepwell.apps.cockpit.operations.opening import Wanted, open_call
from keepwell.apps.cockpit.operations.playbooks import apply_playbook
from keepwell.apps.cockpit.ordering import ordered
from keepwell.apps.cockpit.queries import call_for
from keepwell.apps.health.dating import dates
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id, Key

router = Router(tags=["Cockpit"])
_NEWEST = ["-opened_at", "-pk"]


class CallQuery(Schema):
    q: str = Field("", max_length=200, description="Part of the title, or of the name of the account")
    status: Literal["active", "open", "in_progress", "snoozed", "closed", "all"] = "active"
    type: CallType | Literal[""] = ""
    owner: str = Field("", pattern=r"^(me|watched|nobody|[0-9]{1,15})?$", description="me, watched, nobody or an id")
    due: Literal["", "overdue", "today", "week", "none"] = ""
    priority: PriorityWord | Literal[""] = ""
    flagged: Literal["", "yes"] = ""
    playbook: str = Field("", max_length=100)
    account: str = Field("", max_length=200)


class OpenedOut(CallDetail):
    """`was_open`: one for the account, type and reason was open already, and was brought up to date."""

    was_open: bool = False


@router.get("/calls", response=Page[CallOut], auth=VIEW, summary="List calls to action")
def list_calls(request: HttpRequest, asked: Query[CallQuery], cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Those to do, newest first; `status=all` for every one."""
    found = page(narrowed(actor_of(request), Filters(**asked.dict())), _NEWEST, cursor, limit)
    return {**found, "items": _dated(found["items"])}


@router.get("/calls/first", response=list[CallOut], auth=VIEW, summary="Calls in the order of value at risk")
def list_first_calls(request: HttpRequest, asked: Query[CallQuery], limit: Limit = 50) -> list[CallToAction]:
    """What the list and the board show first: revenue times what the score lacks, more the nearer the renewal is."""
    return _dated(ordered(narrowed(actor_of(request), Filters(**asked.dict())), "value")[:limit])


def _dated(found: Iterable[CallToAction]) -> list[CallToAction]:
    """With the day that values at risk are of, so that it is looked up once."""
    shown, calls = dates().shown, list(found)
    for one in calls:
        one.shown_on = shown  # type: ignore[attr-defined]
    return calls


@router.post(
    "/accounts/{account_id}/calls", response={201: OpenedOut, 200: OpenedOut}, auth=WRITE, summary="Open a call"
)
def post_call(request: HttpRequest, account_id: Key, sent: CallIn) -> Status[CallToAction]:
    """An open one of the same account, type and reason is updated instead, and answered with 200."""
    actor, said = actor_of(request), sent.dict()
    due = said.pop("due_on")
    wanted = Wanted(**{**said, "priority": number_of(said["priority"]), "due": due})
    opened = open_call(actor=actor, account_id=account_id, wanted=wanted)
    found = call_for(actor, opened.call.pk)
    found.was_open = not opened.is_new  # type: ignore[attr-defined]
    return Status(201 if opened.is_new else 200, found)


@router.get("/calls/{int:call_id}", response=CallDetail, auth=VIEW, summary="Get a call")
def get_call(request: HttpRequest, call_id: Id) -> CallToAction:
    """With tasks, comments, attachments, watchers, and what was measured."""
    return call_for(actor_of(request), call_id)


@router.put("/calls/{int:call_id}", response=CallDetail, auth=WRITE, summary="Edit a call")
def put_call(request: HttpRequest, call_id: Id, sent: CallPut) -> CallToAction:
    """What it says and how much it presses."""
    actor = actor_of(request)
    edit_call(actor=actor, call_id=call_id, title=sent.title, text=sent.text, priority=number_of(sent.priority))
    return call_for(actor, call_id)


@router.put("/calls/{int:call_id}/status", response=CallDetail, auth=WRITE, summary="Move a call")
def put_call_status(request: HttpRequest, call_id: Id, sent: MovedIn) -> CallToAction:
    """Open or in progress; closing and snoozing take more."""
    return _after(actor_of(request), call_id, move_call, status=sent.status)


@router.post("/calls/{int:call_id}/close", response=CallDetail, auth=WRITE, summary="Close a call")
def post_call_end(request: HttpRequest, call_id: Id, sent: CloseIn) -> CallToAction:
    """With an outcome, always."""
    return _after(actor_of(request), call_id, close_call, **sent.dict())


@router.post("/calls/{int:call_id}/reopen", response=CallDetail, auth=WRITE, summary="Reopen a call")
def post_call_reopened(request: HttpRequest, call_id: Id) -> CallToAction:
    """What was measured at its end is forgotten."""
    return _after(actor_of(request), call_id, reopen_call)


@router.put("/calls/{int:call_id}/snooze", response=CallDetail, auth=WRITE, summary="Snooze a call")
def put_call_snooze(request: HttpRequest, call_id: Id, sent: SnoozeIn) -> CallToAction:
    """Through a day; then it is open again by itself."""
    return _after(actor_of(request), call_id, snooze_call, **sent.dict())


@router.put("/calls/{int:call_id}/owner", response=CallDetail, auth=WRITE, summary="Give a call to somebody")
def put_call_owner(request: HttpRequest, call_id: Id, sent: OwnerIn) -> CallToAction:
    """The open tasks of the owner before go along."""
    return _after(actor_of(request), call_id, assign_call, **sent.dict())


@router.put("/calls/{int:call_id}/flag", response=CallDetail, auth=WRITE, summary="Flag a call")
def put_call_flag(request: HttpRequest, call_id: Id, sent: FlagIn) -> CallToAction:
    """Or take the flag away."""
    return _after(actor_of(request), call_id, flag_call, **sent.dict())


@router.put("/calls/{int:call_id}/due", response=Done, auth=WRITE, summary="Move the due date")
def put_call_due(request: HttpRequest, call_id: Id, sent: DueIn) -> dict[str, int]:
    """Answers how many open tasks moved with it."""
    return {"changed": move_due(actor=actor_of(request), call_id=call_id, **sent.dict())}


@router.put("/calls/{int:call_id}/risk", response=CallDetail, auth=WRITE, summary="Say what is done about a risk")
def put_call_risk(request: HttpRequest, call_id: Id, sent: RiskIn) -> CallToAction:
    """For the risk register."""
    return _after(actor_of(request), call_id, set_mitigation, **sent.dict())


@router.put("/calls/{int:call_id}/playbook", response=CallDetail, auth=WRITE, summary="Apply a playbook")
def put_call_playbook(request: HttpRequest, call_id: Id, sent: PlaybookIn) -> CallToAction:
    """It takes the place of the one before; tasks that were done stay."""
    return _after(actor_of(request), call_id, apply_playbook, playbook=sent.playbook)


def _after(actor: Person, call_id: int, change: Any, **said: Any) -> CallToAction:
    """The call as it is once something was done to it."""
    change(actor=actor, call_id=call_id, **said)
    return call_for(actor, call_id)
