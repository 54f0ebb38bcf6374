"""The list of accounts and one account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.api.schemas import (
    AccountDetail,
    AccountOut,
    AccountQuery,
    BulkDone,
    BulkIn,
    Exported,
    Listed,
    SegmentOut,
    StageOut,
    Total,
)
from keepwell.apps.customers.counting import total
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.exporting import exported
from keepwell.apps.customers.filters import read_filters
from keepwell.apps.customers.identity import source_ids_of
from keepwell.apps.customers.listing import Narrowed, narrowed, page_of
from keepwell.apps.customers.models import AccountList
from keepwell.apps.customers.operations import change_many, undo_change_of_many
from keepwell.apps.customers.operations.accounts import note_export
from keepwell.apps.customers.queries import account_for, family_of, segment_counts, stage_counts, today_of
from keepwell.apps.customers.table import chosen
from keepwell.apps.rest.authentication import BULK, VIEW, actor_of
from keepwell.apps.rest.paging import Page
from keepwell.apps.rest.schemas import Done, Id
from keepwell.errors import FieldRefused

router = Router(tags=["Accounts"])
_AS_CSV: dict[str, Any] = {
    "responses": {200: {"description": "The rows", "content": {"text/csv": {"schema": {"type": "string"}}}}}
}
_HEALTH = ("score", "label", "tone", "scorecard", "as_of", "change", "coverage", "why")
_FIELDS = ("id", "name", "parent_id", "owner_id", "owner_name", "owner_by_hand", "stage", "arr", "started_on",
           "renews_on", "ended_on", "segments", "attributes", "in_population",
           *(f"health__{name}" for name in _HEALTH))  # fmt: skip


@router.get("/accounts", response=Page[AccountOut], auth=VIEW, summary="List accounts")
def list_accounts(request: HttpRequest, asked: Query[Listed]) -> dict[str, Any]:
    """The customers you see, with the filters, expression and order of the page, a page at a time."""
    found = _narrowed(request, actor_of(request))
    page = page_of(found, *_FIELDS, size=asked.limit, after=asked.cursor)
    return {"items": [_of_row(row) for row in page.rows], "next": page.after or None}


@router.get("/totals/accounts", response=Total, auth=VIEW, summary="Count accounts")
def count_accounts(request: HttpRequest, asked: Query[AccountQuery]) -> dict[str, Any]:
    """How many fit the filters."""
    number, exact = total(_narrowed(request, actor_of(request)))
    return {"total": number, "exact": exact}


@router.get("/accounts/{account_id}", response=AccountDetail, auth=VIEW, summary="Get an account")
def get_account(request: HttpRequest, account_id: str) -> dict[str, Any]:
    """With its health, hierarchy, lists and the ids that sources know it by."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    family = family_of(actor, account)
    return {
        **of_account(account),
        "merged_into_id": account.merged_into_id,
        "parent": family.parent,
        "children": family.children,
        "hidden_children": family.hidden,
        "family_arr": family.arr,
        "lists": list(AccountList.objects.filter(accounts=account).order_by("name").values_list("name", flat=True)),
        "source_ids": source_ids_of(account.pk),
    }


@router.get("/export/accounts", auth=VIEW, summary="Accounts as CSV", openapi_extra=_AS_CSV)
def export_accounts(request: HttpRequest, asked: Query[Exported]) -> StreamingHttpResponse:
    """Every account that fits the filters, row by row, with the columns of the page. The audit notes it."""
    actor, columns = actor_of(request), current_columns()
    found = _narrowed(request, actor)
    note_export(actor=actor, query=found.filters.address())
    return StreamingHttpResponse(
        exported(found, chosen(found.filters, columns)), content_type="text/csv; charset=utf-8"
    )


@router.post("/bulk/accounts", response=BulkDone, auth=BULK, summary="Change many accounts")
def change_accounts(request: HttpRequest, sent: BulkIn) -> dict[str, int]:
    """Gives accounts to a CSM, moves them to a stage, adds them to a list or removes them, sets an attribute: all of it
    or nothing."""
    done = change_many(actor=actor_of(request), account_ids=sent.account_ids, action=sent.action, value=sent.value)
    return {"changed": len(done.before), "id": done.pk}


@router.post("/bulk/accounts/{int:bulk_id}/undo", response=Done, auth=BULK, summary="Undo a change of many accounts")
def undo_change_of_accounts(request: HttpRequest, bulk_id: Id) -> dict[str, int]:
    """One of your own, once: what stood before, in those accounts that nobody changed since."""
    return {"changed": undo_change_of_many(actor=actor_of(request), bulk_id=bulk_id)}


@router.get("/segments", response=list[SegmentOut], auth=VIEW, summary="List segments")
def list_segments(request: HttpRequest) -> list[dict[str, Any]]:
    """Those of the last run, with how many of your accounts are in each."""
    columns = current_columns()
    counts = segment_counts(actor_of(request))
    names = sorted({*(columns.segments if columns else ()), *counts})
    return [{"name": name, "accounts": counts.get(name, 0)} for name in names]


@router.get("/stages", response=list[StageOut], auth=VIEW, summary="List lifecycle stages")
def list_stages(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that accounts are in, with how many of yours."""
    return [{"name": name, "accounts": count} for name, count in sorted(stage_counts(actor_of(request)).items())]


def _narrowed(request: HttpRequest, actor: Actor) -> Narrowed:
    columns = current_columns()
    found = narrowed(actor, read_filters(request.GET), columns, today_of(columns))
    for field, message in found.filters.errors.items():
        raise FieldRefused(f"query.{field}", message)
    return found


def _of_row(row: dict[str, Any]) -> dict[str, Any]:
    health = {name: row.get(f"health__{name}") for name in _HEALTH}
    return {
        **{name: row[name] for name in _FIELDS if not name.startswith("health__")},
        "csm_id": row["owner_id"],
        "csm": row["owner_name"],
        "csm_by_hand": row["owner_by_hand"],
        "health": health if health["label"] is not None else None,
    }


def of_account(account: Any) -> dict[str, Any]:
    row = {name: getattr(account, name) for name in _FIELDS if not name.startswith("health__")}
    health = getattr(account, "health", None)
    return _of_row({**row, **{f"health__{name}": getattr(health, name, None) for name in _HEALTH}})
