"""Lists that people keep by hand, and saved views of the customer list."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Router, Status

from keepwell.apps.customers.api.accounts import of_account
from keepwell.apps.customers.api.schemas import AccountOut, ListOut, MembersIn, NameIn, ViewIn, ViewOut
from keepwell.apps.customers.models import AccountList, SavedView
from keepwell.apps.customers.operations import (
    add_to_list,
    delete_list,
    delete_view,
    make_list,
    remove_from_list,
    rename_list,
    save_view,
)
from keepwell.apps.customers.queries import account_list, accounts_of_list, lists_with_counts
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id

router = Router(tags=["Lists"])


@router.get("/lists", response=list[ListOut], auth=VIEW, summary="List lists")
def list_lists(request: HttpRequest) -> list[AccountList]:
    """Every list by name; everybody knows of them."""
    return lists_with_counts(actor_of(request))


@router.post("/lists", response={201: ListOut}, auth=WRITE, summary="Make a list")
def post_list(request: HttpRequest, sent: NameIn) -> Status[AccountList]:
    """An empty one of your own."""
    return Status(201, make_list(actor=actor_of(request), name=sent.name))


@router.get("/lists/{int:list_id}", response=ListOut, auth=VIEW, summary="Get a list")
def get_list(request: HttpRequest, list_id: Id) -> AccountList:
    """Its name and owner."""
    return account_list(list_id)


@router.patch("/lists/{int:list_id}", response=ListOut, auth=WRITE, summary="Rename a list")
def patch_list(request: HttpRequest, list_id: Id, sent: NameIn) -> AccountList:
    """By who made it, and by those who change many accounts at once."""
    return rename_list(actor=actor_of(request), list_id=list_id, name=sent.name)


@router.delete("/lists/{int:list_id}", response={204: None}, auth=WRITE, summary="Delete a list")
def remove_list(request: HttpRequest, list_id: Id) -> None:
    """The list, not its accounts."""
    delete_list(actor=actor_of(request), list_id=list_id)


@router.get("/lists/{int:list_id}/accounts", response=Page[AccountOut], auth=VIEW, summary="Accounts of a list")
def list_members(request: HttpRequest, list_id: Id, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Those that you see, by name."""
    found = page(accounts_of_list(actor_of(request), account_list(list_id)), ["name", "id"], cursor, limit)
    return {**found, "items": [of_account(one) for one in found["items"]]}


@router.post("/lists/{int:list_id}/add", response=Done, auth=WRITE, summary="Add accounts to a list")
def post_members(request: HttpRequest, list_id: Id, sent: MembersIn) -> dict[str, int]:
    """All or nothing; those that are in it stay."""
    return {"changed": add_to_list(actor=actor_of(request), list_id=list_id, account_ids=sent.account_ids)}


@router.post("/lists/{int:list_id}/remove", response=Done, auth=WRITE, summary="Remove accounts from a list")
def remove_members(request: HttpRequest, list_id: Id, sent: MembersIn) -> dict[str, int]:
    """All or nothing; those that are not in it are no matter."""
    return {"changed": remove_from_list(actor=actor_of(request), list_id=list_id, account_ids=sent.account_ids)}


@router.get("/views", response=list[ViewOut], auth=VIEW, summary="List saved views")
def list_views(request: HttpRequest) -> list[dict[str, Any]]:
    """Your own and those that others share."""
    user = actor_of(request).user
    found = SavedView.objects.filter(Q(owner=user) | Q(shared=True)).order_by("name", "pk")
    return [{"id": one.pk, "name": one.name, "query": one.query, "own": one.owner == user} for one in found]


@router.post("/views", response={201: ViewOut}, auth=VIEW, summary="Save a view")
def post_view(request: HttpRequest, sent: ViewIn) -> Status[dict[str, Any]]:
    """Keeps filters, columns and order under a name; your view of that name is replaced."""
    view = save_view(actor=actor_of(request), name=sent.name, query=sent.query, shared=sent.shared)
    return Status(201, {"id": view.pk, "name": view.name, "query": view.query, "own": True})


@router.delete("/views/{int:view_id}", response={204: None}, auth=VIEW, summary="Delete a view")
def remove_view(request: HttpRequest, view_id: Id) -> None:
    """One of your own."""
    delete_view(actor=actor_of(request), view_id=view_id)
