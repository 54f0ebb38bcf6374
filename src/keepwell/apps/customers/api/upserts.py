"""Many accounts and people at once, by their ids."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from keepwell.apps.customers.operations.upserting import MOST, AccountRow, PersonRow, upsert
from keepwell.apps.rest.authentication import BULK, actor_of
from keepwell.apps.rest.schemas import Day, Key, Sent

router = Router(tags=["Accounts"])
Plain = str | float | bool | None


class AccountUpsert(Sent):
    """What is left out stays as it is. `attributes`: other columns of the accounts dataset."""

    id: Key
    name: str | None = Field(None, min_length=1, max_length=300)
    parent_id: Key | None = None
    csm: str | None = Field(None, max_length=150)
    stage: str | None = Field(None, max_length=100)
    arr: Annotated[float, Field(ge=0, le=1e15)] | None = None
    started_on: Day | None = None
    renews_on: Day | None = None
    attributes: dict[str, Plain] = Field({}, max_length=200)


class PersonUpsert(Sent):
    """Found by `key`, else by address within the account; nobody found is somebody new. What is left out stays."""

    account_id: Key
    key: uuid.UUID | None = None
    name: str | None = Field(None, max_length=200)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=50)
    role: str | None = Field(None, max_length=100)
    is_sponsor: bool | None = None


class UpsertIn(Sent):
    """Up to five thousand rows together."""

    accounts: list[AccountUpsert] = Field(
        [], max_length=MOST, examples=[[{"id": "acme", "name": "Acme Inc", "arr": 210000, "stage": "live"}]]
    )
    people: list[PersonUpsert] = Field(
        [], max_length=MOST, examples=[[{"account_id": "acme", "name": "Dora Doe", "email": "dora@acme.example"}]]
    )


class Counts(Schema):
    created: int
    updated: int


class UpsertOut(Schema):
    """`people_keys`: the key of each person, in the order of the rows."""

    accounts: Counts
    people: Counts
    people_keys: list[uuid.UUID]


@router.post("/bulk/upsert", response=UpsertOut, auth=BULK, summary="Create or update accounts and people")
def upsert_accounts_and_people(request: HttpRequest, sent: UpsertIn) -> dict[str, Any]:
    """All or nothing: where one row is refused none is taken, and `errors` names each row and why.

    Accounts go into the accounts dataset of the lake as well, from which the next run scores them.
    """
    accounts = [AccountRow(one.id, _given(one, "id", "attributes"), one.attributes) for one in sent.accounts]
    people = [PersonRow(one.account_id, _given(one, "account_id", "key"), one.key) for one in sent.people]
    done = upsert(actor=actor_of(request), accounts=accounts, people=people)
    return {
        "accounts": {"created": done.accounts_created, "updated": len(accounts) - done.accounts_created},
        "people": {"created": done.people_created, "updated": len(people) - done.people_created},
        "people_keys": done.people,
    }


def _given(row: Sent, *besides: str) -> dict[str, Any]:
    return row.dict(exclude_unset=True, exclude=set(besides))
