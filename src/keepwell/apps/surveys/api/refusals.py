"""Who is not asked any more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router

from keepwell.apps.rest.authentication import SEND, VIEW, WRITE, actor_of
from keepwell.apps.rest.schemas import Done
from keepwell.apps.surveys import refusing
from keepwell.apps.surveys.api import schemas as s

router = Router(tags=["Surveys"])


@router.post("/survey-bounces", response=Done, auth=SEND, summary="Report letters that came back")
def report_bounces(request: HttpRequest, sent: s.BouncesIn) -> dict[str, int]:
    """What a mail provider reports: these addresses are not written to any more. `changed`: open invitations."""
    actor = actor_of(request)
    with transaction.atomic():
        found = sum(refusing.bounced(actor=actor, address=one.address, detail=one.detail) for one in sent.bounces)
    return {"changed": found}


@router.get("/people/{uuid:key}/refusals", response=list[s.RefusalOut], auth=VIEW, summary="Why somebody is not asked")
def list_refusals(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """Newest first; empty for somebody who may be asked."""
    found = refusing.refusals_of(actor_of(request), key)
    return [{"kind": one.kind, "by": one.by, "detail": one.detail, "at": one.at} for one in found]


@router.post("/people/{uuid:key}/stop-asking", response=Done, auth=WRITE, summary="Ask somebody no more")
def stop_asking(request: HttpRequest, key: UUID, sent: s.StopIn) -> dict[str, int]:
    """As when they unsubscribe themselves."""
    refusing.stop_asking(actor=actor_of(request), person=key, detail=sent.detail)
    return {"changed": 1}


@router.post("/people/{uuid:key}/ask-again", response=Done, auth=SEND, summary="Let somebody be asked again")
def ask_again(request: HttpRequest, key: UUID) -> dict[str, int]:
    """What they said themselves, admins alone lift."""
    return {"changed": refusing.ask_again(actor=actor_of(request), person=key)}
