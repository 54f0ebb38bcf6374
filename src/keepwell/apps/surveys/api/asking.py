"""Whom a survey asks, what was sent, and links."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from keepwell.apps.rest.authentication import SEND, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id
from keepwell.apps.surveys import operations, queries
from keepwell.apps.surveys.api import schemas as s
from keepwell.apps.surveys.editions import in_force
from keepwell.apps.surveys.models import AnonymousLink, Invitation, SurveySend
from keepwell.apps.surveys.queries import Sent
from keepwell.apps.surveys.whom.deciding import plan

router = Router(tags=["Surveys"])


@router.get("/surveys/{str:survey}/plan", response=s.PlanOut, auth=SEND, summary="Whom a survey would ask")
def plan_survey(
    request: HttpRequest, survey: str, account: Annotated[list[str] | None, Query(max_length=200)] = None
) -> dict[str, Any]:
    """Nothing is sent. `account`, as often as you like: people at these accounts alone."""
    found = plan(actor_of(request), survey, timezone.now(), only=account)
    sample = [
        {"person_id": one.person, "name": one.name, "account_id": one.account_id, "account": one.account,
         "asked": one.asked, "why": one.words, "until": one.until}
        for one in found.sample
    ]  # fmt: skip
    reasons = [{"words": words, "people": count} for words, count in found.reasons]
    return {"survey": survey, "considered": found.considered, "asked": found.asked, "not_asked": reasons,
            "by_channel": found.by_channel, "sample": sample, "refused": found.refused}  # fmt: skip


@router.post("/surveys/{str:survey}/sends", response={201: s.SendOut}, auth=SEND, summary="Send a survey")
def send_survey(request: HttpRequest, survey: str, sent: s.SendIn) -> Status[dict[str, Any]]:
    """A worker decides whom it asks, and letters leave as the mail server takes them."""
    actor = actor_of(request)
    made = operations.send(actor=actor, survey=survey, accounts=sent.accounts)
    return Status(201, _sent(queries.send_for(actor, made.pk)))


@router.get("/surveys/{str:survey}/sends", response=Page[s.SendOut], auth=SEND, summary="Sends of a survey")
def list_sends(request: HttpRequest, survey: str, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Newest first."""
    in_force(survey)
    found = page(SurveySend.objects.filter(survey=survey), ["-made_at", "-pk"], cursor, limit)
    return {**found, "items": [_sent(one) for one in queries.with_counts(actor_of(request), found["items"])]}


@router.post("/survey-sends/{int:send_id}/stop", response=Done, auth=SEND, summary="Stop a send")
def stop_send(request: HttpRequest, send_id: Id) -> dict[str, int]:
    """Letters that have not left stay here; `changed` says how many. Who has a letter can answer still."""
    return {"changed": operations.stop(actor=actor_of(request), send_id=send_id)}


@router.get("/surveys/{str:survey}/invitations", response=Page[s.InvitationOut], auth=SEND, summary="Who was asked")
def list_invitations(
    request: HttpRequest, survey: str, send: Annotated[int | None, Query(ge=1, le=2**62)] = None, cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:  # fmt: skip
    """At accounts that you see, newest first; `send`: by one send. With personal links, to hand them out yourself."""
    in_force(survey)
    found = page(queries.invitations_for(actor_of(request), survey, send), ["-asked_at", "-pk"], cursor, limit)
    return {**found, "items": [_invitation(one) for one in found["items"]]}


@router.get("/surveys/{str:survey}/links", response=list[s.LinkOut], auth=SEND, summary="Anonymous links")
def list_links(request: HttpRequest, survey: str) -> list[dict[str, Any]]:
    """The open ones first."""
    in_force(survey)
    return [_link(one) for one, _ in queries.links_of(actor_of(request), survey)]


@router.post("/surveys/{str:survey}/links", response={201: s.LinkOut}, auth=SEND, summary="Add an anonymous link")
def add_link(request: HttpRequest, survey: str, sent: s.LinkIn) -> Status[dict[str, Any]]:
    """Whoever has it may answer, as often as they like; answers name nobody."""
    actor = actor_of(request)
    return Status(
        201, _link(operations.add_link(actor=actor, survey=survey, title=sent.title, account_id=sent.account_id))
    )


@router.post("/survey-links/{int:link_id}/close", response=s.LinkOut, auth=SEND, summary="Close an anonymous link")
def close_link(request: HttpRequest, link_id: Id) -> dict[str, Any]:
    """It takes no more answers, and looks like a link that never was."""
    return _link(operations.close_link(actor=actor_of(request), link_id=link_id))


def _sent(one: Sent) -> dict[str, Any]:
    fields = ("survey", "trigger", "asked_by", "status", "error", "made_at", "ended_at")
    counts = ("asked", "by_letter", "left", "bounced", "answered")
    return {"id": one.send.pk} | {name: getattr(one.send, name) for name in fields} | {
        name: getattr(one, name) for name in counts}  # fmt: skip


def _invitation(one: Invitation) -> dict[str, Any]:
    fields = ("account_id", "channel", "language", "asked_at", "sent_at", "finished_at", "bounced_at", "closes_on")
    who = str(one.person_id) if one.person_id else None
    return {"id": one.pk, "person_id": who, "link": queries.personal_address(one)} | {
        name: getattr(one, name) for name in fields}  # fmt: skip


def _link(one: AnonymousLink) -> dict[str, Any]:
    return {"id": one.pk, "title": one.title, "account_id": one.account_id, "link": queries.anonymous_address(one),
            "made_by": one.made_by, "made_at": one.made_at, "closed_at": one.closed_at}  # fmt: skip
