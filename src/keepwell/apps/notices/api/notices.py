"""What one was told, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from keepwell.apps.notices.operations import mark_read
from keepwell.apps.notices.queries import notices_of, readable
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Id

Kind = Annotated[str, Query(max_length=40, description="One of the kinds of alerts; empty for all")]
AccountId = Annotated[str, Query(max_length=200, description="About this account alone")]
router = Router(tags=["Oneself"])


class NoticeOut(Schema):
    """`facts`: the account's score, its change in a week, label, label before and why, as of then; empty for none."""

    id: int
    text: str
    link: str
    kind: str
    more: str
    account_id: str
    account: str
    facts: dict[str, Any]
    at: datetime
    read_at: datetime | None


@router.get("/notices", response=Page[NoticeOut], auth=VIEW, summary="List notices")
def list_notices(
    request: HttpRequest,
    kind: Kind = "",
    unread: bool = False,
    account_id: AccountId = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Your own, newest first."""
    user = actor_of(request).user
    found = page(notices_of(user, kind=kind, unread=unread, account_id=account_id), ["-at", "-pk"], cursor, limit)
    return {**found, "items": readable(user, found["items"])}


@router.post("/notices/read", response={204: None}, auth=VIEW, summary="Mark all notices as read")
def read_notices(request: HttpRequest) -> None:
    """Those that are unread now."""
    mark_read(user=actor_of(request).user)


@router.post("/notices/{int:notice_id}/read", response={204: None}, auth=VIEW, summary="Mark a notice as read")
def read_notice(request: HttpRequest, notice_id: Id) -> None:
    """One of your own."""
    mark_read(user=actor_of(request).user, notice_id=notice_id)
