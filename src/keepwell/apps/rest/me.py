"""Oneself over the API: who one is, what one may do."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema

from keepwell.apps.access.operations import choose_theme
from keepwell.apps.access.roles import Permission
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.schemas import Sent

router = Router(tags=["Oneself"])


class Me(Schema):
    """`may`: what this token or session may do: no more than its scopes and its user's role."""

    id: int
    email: str
    name: str
    role: str
    team: str | None
    reach: str
    segments: list[str]
    may: list[str]


class ThemeIn(Sent):
    theme: Literal["auto", "light", "dark"]


@router.get("/me", response=Me, auth=VIEW, summary="Who you are")
def get_me(request: HttpRequest) -> dict[str, Any]:
    """The user for whom the token acts, and what it may."""
    actor = actor_of(request)
    user = actor.user
    return {
        "id": user.pk, "email": user.email, "name": user.name, "role": user.role, "reach": user.reach,
        "team": user.team.name if user.team else None, "segments": user.segments,
        "may": [str(one) for one in Permission if actor.may(one)],
    }  # fmt: skip


@router.put("/me/theme", response={204: None}, auth=VIEW, summary="Choose light or dark pages")
def put_theme(request: HttpRequest, sent: ThemeIn) -> None:
    """How pages look to you."""
    choose_theme(user=actor_of(request).user, theme=sent.theme)
