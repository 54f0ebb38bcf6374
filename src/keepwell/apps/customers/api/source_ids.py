"""Ids of sources that lead to no account."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.customers.api.schemas import CreateIn, LinkIn, SourceIdOut, SuggestionOut
from keepwell.apps.customers.models import SourceId
from keepwell.apps.customers.operations import create_account, ignore_id, link_id, undo_decision
from keepwell.apps.customers.suggesting import suggestions
from keepwell.apps.rest.authentication import ADMINISTER, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page

router = Router(tags=["Identity"])


@router.get("/source-ids", response=Page[SourceIdOut], auth=ADMINISTER, summary="Ids that lead to nobody")
def list_source_ids(
    request: HttpRequest, state: Literal["open", "linked", "ignored"] = "open", cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Those of the most rows first; or what was decided about others."""
    return page(SourceId.objects.filter(state=state).order_by("-rows", "pk"), ["-rows", "pk"], cursor, limit)


@router.post("/look-for-ids", response={202: None}, auth=ADMINISTER, summary="Look for ids again")
def post_look(request: HttpRequest) -> Status[None]:
    """The worker looks at every dataset."""
    from keepwell.apps.customers.jobs import look_for_ids

    look_for_ids.defer()
    return Status(202, None)


@router.get(
    "/source-ids/{int:number}/suggestions",
    response=list[SuggestionOut],
    auth=ADMINISTER,
    summary="Whose an id could be",
)
def list_suggestions(request: HttpRequest, number: int) -> list[dict[str, str]]:
    """At most three accounts, each with the reason."""
    found = SourceId.objects.filter(pk=number).first()
    if found is None:
        raise NotVisible
    return [
        {"account_id": one.account.pk, "name": one.account.name, "reason": one.reason}
        for one in suggestions(actor_of(request), found.source_id)
    ]


@router.put("/source-ids/{int:number}/account", response=SourceIdOut, auth=ADMINISTER, summary="Link an id")
def put_link(request: HttpRequest, number: int, sent: LinkIn) -> SourceId:
    """Its rows count for the account from the next reading on."""
    return link_id(actor=actor_of(request), number=number, account_id=sent.account_id)


@router.post(
    "/source-ids/{int:number}/create", response={204: None}, auth=ADMINISTER, summary="Make an account of an id"
)
def post_account_of_id(request: HttpRequest, number: int, sent: CreateIn) -> None:
    """Its rows carry the id of the new account already."""
    create_account(actor=actor_of(request), number=number, name=sent.name)


@router.post("/source-ids/{int:number}/ignore", response=SourceIdOut, auth=ADMINISTER, summary="Ignore an id")
def post_ignore(request: HttpRequest, number: int) -> SourceId:
    """It is no longer asked about."""
    return ignore_id(actor=actor_of(request), number=number)


@router.post("/source-ids/{int:number}/undo", response=SourceIdOut, auth=ADMINISTER, summary="Undo a decision")
def post_undo_decision(request: HttpRequest, number: int) -> SourceId:
    """As if nothing had been decided about the id."""
    return undo_decision(actor=actor_of(request), number=number)
