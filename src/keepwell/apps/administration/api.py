"""People who sign in, teams, tokens and the state of the installation, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.access.actors import require
from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import Permission, Reach, Role
from keepwell.apps.administration import queries
from keepwell.apps.administration.checks import all_checks, failed_jobs
from keepwell.apps.administration.operations import people as operations
from keepwell.apps.administration.operations.jobs import retry_job
from keepwell.apps.administration.operations.mail import send_failed_mail_again
from keepwell.apps.administration.operations.people import Standing
from keepwell.apps.administration.operations.teams import make_team, remove_team, rename_team
from keepwell.apps.administration.operations.tokens import make_token, revoke_token
from keepwell.apps.rest.authentication import ADMINISTER, VIEW, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id, Moment, Sent
from keepwell.errors import FieldRefused

router = Router(tags=["Administration"])
RoleName = Literal["viewer", "csm", "manager", "admin"]
ReachName = Literal["all", "team", "own", "segment"]
Scope = Literal["view", "write", "bulk", "send", "configure", "run", "administer"]


class UserIn(Sent):
    email: str = Field(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$", examples=["gil@company.example"])
    name: str = Field(min_length=1, max_length=100, pattern=r"\S", examples=["Gil"])
    role: RoleName = Field(examples=["csm"])
    team_id: Id | None = None
    reach: ReachName = "all"
    segments: list[str] = Field([], max_length=100)


class UserOut(Schema):
    id: int
    email: str
    name: str
    role: str
    team_id: int | None
    reach: str
    segments: list[str]
    is_active: bool


class TeamIn(Sent):
    name: str = Field(min_length=1, max_length=100, pattern=r"\S", examples=["North"])


class TeamOut(Schema):
    id: int
    name: str


class TokenIn(Sent):
    """`scopes`: no more than you may yourself."""

    name: str = Field(min_length=1, max_length=100, examples=["Nightly export"])
    scopes: list[Scope] = Field(min_length=1, max_length=6, examples=[["view"]])
    expires_at: Moment | None = None


class TokenOut(Schema):
    id: int
    user_id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenMade(TokenOut):
    """`secret` is told once and kept nowhere."""

    secret: str


class CheckOut(Schema):
    """One part of the installation: what was found, and what to do about it where it is not well."""

    part: str
    good: bool
    says: str
    todo: str


class FailedJobOut(Schema):
    """`id`: what to try again. `attempts`: how often it was tried."""

    id: int = Field(validation_alias="pk")
    name: str
    attempts: int
    at: datetime | None


@router.get("/users", response=Page[UserOut], auth=ADMINISTER, summary="List people who sign in")
def list_users(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Everybody, by number."""
    return page(queries.people(actor_of(request)), ["pk"], cursor, limit)


@router.post("/users", response={201: UserOut}, auth=ADMINISTER, summary="Invite somebody")
def invite_user(request: HttpRequest, sent: UserIn) -> Status[User]:
    """They get a mail by which they set a password."""
    actor = actor_of(request)
    return Status(201, operations.invite(actor=actor, standing=_standing(sent)))


@router.get("/users/{int:user_id}", response=UserOut, auth=ADMINISTER, summary="Get a person who signs in")
def get_user(request: HttpRequest, user_id: Id) -> User:
    """What they may do and see."""
    return queries.person(actor_of(request), user_id)


@router.put("/users/{int:user_id}", response=UserOut, auth=ADMINISTER, summary="Change what somebody may do and see")
def put_user(request: HttpRequest, user_id: Id, sent: UserIn) -> User:
    """Everything is replaced."""
    return operations.change_person(actor=actor_of(request), user_id=user_id, standing=_standing(sent))


@router.post("/users/{int:user_id}/deactivate", response=UserOut, auth=ADMINISTER, summary="End somebody's access")
def deactivate_user(request: HttpRequest, user_id: Id) -> User:
    """They are signed out everywhere, and their tokens are revoked."""
    return operations.deactivate(actor=actor_of(request), user_id=user_id)


@router.post("/users/{int:user_id}/reactivate", response=UserOut, auth=ADMINISTER, summary="Let somebody in again")
def reactivate_user(request: HttpRequest, user_id: Id) -> User:
    """As before; their tokens stay revoked."""
    return operations.reactivate(actor=actor_of(request), user_id=user_id)


@router.post("/users/{int:user_id}/invite", response=UserOut, auth=ADMINISTER, summary="Invite somebody again")
def invite_user_again(request: HttpRequest, user_id: Id) -> User:
    """Another mail with another link."""
    return operations.invite_again(actor=actor_of(request), user_id=user_id)


@router.get("/teams", response=list[TeamOut], auth=ADMINISTER, summary="List teams")
def list_teams(request: HttpRequest) -> list[Team]:
    """By name."""
    return list(queries.teams(actor_of(request)))


@router.post("/teams", response={201: TeamOut}, auth=ADMINISTER, summary="Make a team")
def post_team(request: HttpRequest, sent: TeamIn) -> Status[Team]:
    """People of a team may see each other's accounts."""
    return Status(201, make_team(actor=actor_of(request), name=sent.name))


@router.patch("/teams/{int:team_id}", response=TeamOut, auth=ADMINISTER, summary="Rename a team")
def patch_team(request: HttpRequest, team_id: Id, sent: TeamIn) -> Team:
    """Its people stay."""
    return rename_team(actor=actor_of(request), team_id=team_id, name=sent.name)


@router.delete("/teams/{int:team_id}", response={204: None}, auth=ADMINISTER, summary="Remove a team")
def delete_team(request: HttpRequest, team_id: Id) -> None:
    """One that nobody is in."""
    remove_team(actor=actor_of(request), team_id=team_id)


@router.get("/tokens", response=Page[TokenOut], auth=VIEW, summary="List your tokens")
def list_tokens(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Those that were revoked too."""
    return page(queries.own_tokens(actor_of(request).user), ["-pk"], cursor, limit)


@router.get("/users/tokens", response=Page[TokenOut], auth=ADMINISTER, summary="List everybody's tokens")
def list_all_tokens(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Newest first."""
    return page(queries.all_tokens(actor_of(request)), ["-pk"], cursor, limit)


@router.post("/tokens", response={201: TokenMade}, auth=VIEW, summary="Make a token")
def post_token(request: HttpRequest, sent: TokenIn, response: HttpResponse) -> Status[dict[str, Any]]:
    """Of your own, with no more than this token or session may."""
    scopes = list(dict.fromkeys(Permission(one) for one in sent.scopes))
    token, secret = make_token(actor=actor_of(request), name=sent.name, scopes=scopes, expires_at=sent.expires_at)
    response["Cache-Control"] = "no-store"
    return Status(201, {**{name: getattr(token, name) for name in TokenOut.model_fields}, "secret": secret})


@router.delete("/tokens/{int:token_id}", response={204: None}, auth=VIEW, summary="Revoke a token")
def delete_token(request: HttpRequest, token_id: Id) -> None:
    """One of your own; anybody's for those who administer."""
    revoke_token(actor=actor_of(request), token_id=token_id)


@router.get("/system", response=list[CheckOut], auth=ADMINISTER, summary="How the installation is")
def get_system(request: HttpRequest) -> list[Any]:
    """Queues, freshness, failed runs, mail; and what to do where something is not well."""
    return list(all_checks(actor_of(request)))


@router.get("/system/jobs", response=list[FailedJobOut], auth=ADMINISTER, summary="Jobs that were given up")
def list_failed_jobs(request: HttpRequest) -> list[Any]:
    """The newest hundred; the worker's log says why each failed."""
    require(actor_of(request), Permission.ADMINISTER)
    return failed_jobs(100)


@router.post("/system/jobs/{int:job_id}/retry", response=FailedJobOut, auth=ADMINISTER, summary="Try a job again")
def post_job_retry(request: HttpRequest, job_id: Id) -> Any:
    """One that was given up; a worker does it as soon as one is free."""
    return retry_job(actor=actor_of(request), job_id=job_id)


@router.post("/system/mail", response=Done, auth=ADMINISTER, summary="Send failed mail again")
def post_mail(request: HttpRequest) -> dict[str, int]:
    """Messages that were given up are tried again."""
    return {"changed": send_failed_mail_again(actor=actor_of(request))}


def _standing(sent: UserIn) -> Standing:
    team = None
    if sent.team_id is not None:
        team = Team.objects.filter(pk=sent.team_id).first()
        if team is None:
            raise FieldRefused("team_id", f"there is no team {sent.team_id}")
    return Standing(sent.email, sent.name, Role(sent.role), team, Reach(sent.reach), sent.segments)
