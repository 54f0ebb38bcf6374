"""The audit over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from keepwell.apps.audit.queries import Sought, changes
from keepwell.apps.rest.authentication import ADMINISTER, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Day, Id

router = Router(tags=["Administration"])


class ChangeOut(Schema):
    """One change: `before` and `after` hold the fields that differ."""

    id: int
    at: datetime
    user_id: int | None
    actor: str
    origin: str
    action: str
    object_kind: str
    object_id: str
    object_name: str
    account_id: str
    before: dict[str, Any]
    after: dict[str, Any]


class AuditQuery(Schema):
    person: Id | None = Field(None, description="The number of who did it")
    kind: str = Field("", max_length=40, description="What was changed, such as account or draft")
    account: str = Field("", max_length=200)
    first: Day | None = Field(None, description="The first day, UTC")
    last: Day | None = Field(None, description="The last day, UTC")


@router.get("/audit", response=Page[ChangeOut], auth=ADMINISTER, summary="List changes")
def list_changes(
    request: HttpRequest, asked: Query[AuditQuery], cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Everything that was done, newest first."""
    return page(changes(actor_of(request), Sought(**asked.dict())), ["-at", "-pk"], cursor, limit)
