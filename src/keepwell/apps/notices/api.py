"""What one was told, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from keepwell.apps.notices.operations import mark_read
from keepwell.apps.notices.queries import notices_of
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Id

router = Router(tags=["Oneself"])


class NoticeOut(Schema):
    id: int
    text: str
    link: str
    kind: str
    at: datetime
    read_at: datetime | None


@router.get("/notices", response=Page[NoticeOut], auth=VIEW, summary="List notices")
def list_notices(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Your own, newest first."""
    return page(notices_of(actor_of(request).user), ["-at", "-pk"], cursor, limit)


@router.post("/notices/read", response={204: None}, auth=VIEW, summary="Mark all notices as read")
def read_notices(request: HttpRequest) -> None:
    """Those that are unread now."""
    mark_read(user=actor_of(request).user)


@router.post("/notices/{int:notice_id}/read", response={204: None}, auth=VIEW, summary="Mark a notice as read")
def read_notice(request: HttpRequest, notice_id: Id) -> None:
    """One of your own."""
    mark_read(user=actor_of(request).user, notice_id=notice_id)
