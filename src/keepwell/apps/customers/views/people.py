"""What is posted about people of an account."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customers.operations import (
    add_person,
    change_person,
    erase_person,
    mark_left,
    merge_people,
    undo_merge_of_people,
)
from keepwell.apps.customers.queries import person_for
from keepwell.apps.customers.views.details import posted
from keepwell.errors import FieldRefused


@require_POST
def add(request: HttpRequest, account_id: str) -> HttpResponse:
    actor = actor_of(request)
    return posted(
        request,
        account_id,
        "person",
        lambda: add_person(actor=actor, account_id=account_id, **_fields(request)),
        "Added",
    )


@require_POST
def change(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    account_id = person_for(actor, key).account.pk
    return posted(
        request, account_id, f"person-{key}", lambda: change_person(actor=actor, key=key, **_fields(request)), "Saved"
    )


@require_POST
def left(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    account_id = person_for(actor, key).account.pk
    return posted(request, account_id, "", lambda: mark_left(actor=actor, key=key), "Marked as left")


@require_POST
def erase(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    account_id = person_for(actor, key).account.pk
    return posted(request, account_id, "", lambda: erase_person(actor=actor, key=key), "The personal data is erased")


@require_POST
def merge(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Into another of the same account, which the form offers."""
    actor = actor_of(request)
    account_id = person_for(actor, key).account.pk

    def change() -> object:
        try:
            into = uuid.UUID(request.POST.get("into", ""))
        except ValueError:
            raise FieldRefused("into", "choose one of the people offered") from None
        return merge_people(actor=actor, key=key, into_key=into)

    return posted(request, account_id, f"merge-{key}", change, "Merged: two entries are one person now")


@require_POST
def unmerge(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    account_id = person_for(actor, key).account.pk
    return posted(request, account_id, "", lambda: undo_merge_of_people(actor=actor, key=key), "The merge is undone")


def _fields(request: HttpRequest) -> dict[str, Any]:
    texts = {name: request.POST.get(name, "") for name in ("name", "email", "phone", "role")}
    return {**texts, "is_sponsor": bool(request.POST.get("is_sponsor"))}
