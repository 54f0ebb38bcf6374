"""People at customers."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from ninja import Router, Status

from keepwell.apps.customers.api.schemas import LeftIn, PersonIn, PersonMergeIn, PersonOut, SourceNameOut
from keepwell.apps.customers.models import Person
from keepwell.apps.customers.operations import (
    add_person,
    change_person,
    erase_person,
    mark_left,
    merge_people,
    undo_merge_of_people,
)
from keepwell.apps.customers.queries import account_for, people_of, person_for
from keepwell.apps.customers.source_names import SourceName, names_of
from keepwell.apps.rest.authentication import ADMINISTER, VIEW, WRITE, actor_of

router = Router(tags=["People"])


@router.get("/accounts/{account_id}/people", response=list[PersonOut], auth=VIEW, summary="People at an account")
def list_people(request: HttpRequest, account_id: str) -> list[Person]:
    """Those who are there first, then those who left."""
    return list(people_of(account_for(actor_of(request), account_id))[:5000])


@router.post("/accounts/{account_id}/people", response={201: PersonOut}, auth=WRITE, summary="Add a person")
def post_person(request: HttpRequest, account_id: str, sent: PersonIn) -> Status[Person]:
    """Under a random key, by which everything else knows them."""
    return Status(201, add_person(actor=actor_of(request), account_id=account_id, **sent.dict()))


@router.get("/people/{uuid:key}", response=PersonOut, auth=VIEW, summary="Get a person")
def get_person(request: HttpRequest, key: uuid.UUID) -> Person:
    """Somebody at an account that you see."""
    return person_for(actor_of(request), key)


@router.get(
    "/people/{uuid:key}/source-ids", response=list[SourceNameOut], auth=VIEW, summary="Ids that sources give a person"
)
def list_source_names(request: HttpRequest, key: uuid.UUID) -> list[SourceName]:
    """Those of the user, and of visitors who turned out to be them."""
    return names_of([person_for(actor_of(request), key).pk])[key]


@router.put("/people/{uuid:key}", response=PersonOut, auth=WRITE, summary="Change a person")
def put_person(request: HttpRequest, key: uuid.UUID, sent: PersonIn) -> Person:
    """Everything is replaced; what is left out becomes empty."""
    return change_person(actor=actor_of(request), key=key, **sent.dict())


@router.post("/people/{uuid:key}/left", response=PersonOut, auth=WRITE, summary="Mark a person as left")
def post_left(request: HttpRequest, key: uuid.UUID, sent: LeftIn) -> Person:
    """They work for the customer no longer."""
    return mark_left(actor=actor_of(request), key=key, left_on=sent.left_on)


@router.delete("/people/{uuid:key}/personal-data", response={204: None}, auth=ADMINISTER, summary="Erase personal data")
def delete_personal_data(request: HttpRequest, key: uuid.UUID) -> None:
    """Name, address and phone go for good; the key and what is counted by it stay."""
    erase_person(actor=actor_of(request), key=key)


@router.put("/people/{uuid:key}/merge", response=PersonOut, auth=ADMINISTER, summary="Merge a person into another")
def put_person_merge(request: HttpRequest, key: uuid.UUID, sent: PersonMergeIn) -> Person:
    """Two entries of one person at an account become one; the other one is returned."""
    return merge_people(actor=actor_of(request), key=key, into_key=sent.into)


@router.delete("/people/{uuid:key}/merge", response=PersonOut, auth=ADMINISTER, summary="Undo a merge of people")
def delete_person_merge(request: HttpRequest, key: uuid.UUID) -> Person:
    """Two entries again."""
    return undo_merge_of_people(actor=actor_of(request), key=key)
