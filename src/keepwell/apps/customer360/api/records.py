"""Rows of datasets that name an account."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from keepwell.apps.customer360.records import records_of
from keepwell.apps.customers.queries import account_for
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.schemas import plain

router = Router(tags=["Accounts"])


class RecordsOut(Schema):
    """Newest first; each row has a cell a column."""

    dataset: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    total: int


@router.get("/accounts/{account_id}/records", response=list[RecordsOut], auth=VIEW, summary="Rows of datasets")
def list_records(
    request: HttpRequest,
    account_id: str,
    dataset: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 10,
) -> list[dict[str, Any]]:
    """Tickets, invoices and whatever else names the account; of one dataset, or of all that have rows of it."""
    found = records_of(account_for(actor_of(request), account_id), dataset=dataset, limit=limit)
    return [{**vars(one), "rows": [[plain(cell) for cell in row] for row in one.rows]} for one in found]
