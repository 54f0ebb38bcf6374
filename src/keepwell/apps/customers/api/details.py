"""What is set for one account, and what lies below it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from keepwell.apps.audit.api import ChangeOut
from keepwell.apps.audit.queries import changes_of_account
from keepwell.apps.customers.api.schemas import (
    Merged,
    MergeIn,
    OwnerIn,
    RelationshipOut,
    StageChangeOut,
    StageIn,
)
from keepwell.apps.customers.models import Account, Relationship
from keepwell.apps.customers.operations import give_back_owner, merge_accounts, set_owner, set_stage, undo_merge
from keepwell.apps.customers.queries import account_for, relationship_for, stages_of
from keepwell.apps.rest.authentication import ADMINISTER, VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page

router = Router(tags=["Accounts"])


@router.get("/accounts/{account_id}/stages", response=Page[StageChangeOut], auth=VIEW, summary="Stages of an account")
def list_stage_changes(request: HttpRequest, account_id: str, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Where it has been, newest first."""
    account = account_for(actor_of(request), account_id)
    return page(stages_of(account), ["-occurred_at", "-pk"], cursor, limit)


@router.put("/accounts/{account_id}/stage", response={204: None}, auth=WRITE, summary="Set the lifecycle stage")
def put_stage(request: HttpRequest, account_id: str, sent: StageIn) -> None:
    """It stands until the source says another stage than before."""
    set_stage(actor=actor_of(request), account_id=account_id, stage=sent.stage, reason=sent.reason,
              occurred_at=sent.occurred_at)  # fmt: skip


@router.put("/accounts/{account_id}/owner", response={204: None}, auth=WRITE, summary="Give an account to a CSM")
def put_owner(request: HttpRequest, account_id: str, sent: OwnerIn) -> None:
    """The CSM is told. Afterwards you may not see the account any more. It stands until it is given back."""
    set_owner(actor=actor_of(request), account_id=account_id, owner_id=sent.csm_id)


@router.delete(
    "/accounts/{account_id}/owner", response={204: None}, auth=WRITE, summary="Let the source say who the CSM is"
)
def delete_owner(request: HttpRequest, account_id: str) -> None:
    """What a person decided counts no longer, now and with every run."""
    give_back_owner(actor=actor_of(request), account_id=account_id)


@router.put("/accounts/{account_id}/merge", response=Merged, auth=ADMINISTER, summary="Merge an account into another")
def put_merge(request: HttpRequest, account_id: str, sent: MergeIn) -> Any:
    """Everything of it belongs to the other; facts count there from the next run on."""
    return merge_accounts(actor=actor_of(request), account_id=account_id, into_id=sent.into)


@router.delete("/accounts/{account_id}/merge", response={204: None}, auth=ADMINISTER, summary="Undo a merge")
def delete_merge(request: HttpRequest, account_id: str) -> None:
    """As if the account had never been merged."""
    undo_merge(actor=actor_of(request), account_id=account_id)


@router.get(
    "/accounts/{account_id}/relationships", response=list[RelationshipOut], auth=VIEW, summary="Units of an account"
)
def list_relationships(request: HttpRequest, account_id: str) -> list[Relationship]:
    """Each with its own health where it has a card."""
    account: Account = account_for(actor_of(request), account_id)
    return list(account.relationships.select_related("health").order_by("name", "pk")[:5000])


@router.get("/relationships/{relationship_id}", response=RelationshipOut, auth=VIEW, summary="Get a unit")
def get_relationship(request: HttpRequest, relationship_id: str) -> Relationship:
    """One unit of an account that you see."""
    return relationship_for(actor_of(request), relationship_id)


@router.get("/accounts/{account_id}/audit", response=Page[ChangeOut], auth=VIEW, summary="Changes of an account")
def list_account_changes(
    request: HttpRequest, account_id: str, cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """What was done to one account that you see."""
    account = account_for(actor_of(request), account_id)
    return page(changes_of_account(account.pk), ["-at", "-pk"], cursor, limit)
