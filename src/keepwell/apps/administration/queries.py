"""Reads of people, teams and tokens."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.models import ApiToken, Team, User
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.queries import current_project
from keepwell.errors import DefinitionsRefused


def people(actor: Actor) -> QuerySet[User]:
    """Everybody, those who may sign in first."""
    require(actor, Permission.ADMINISTER)
    return User.objects.select_related("team").order_by("-is_active", "name", "pk")


def person(actor: Actor, user_id: int) -> User:
    found = people(actor).filter(pk=user_id).first()
    if found is None:
        raise NotVisible
    return found


def teams(actor: Actor) -> QuerySet[Team]:
    """Every team with `size`, the number of people in it who may sign in."""
    require(actor, Permission.ADMINISTER)
    return Team.objects.annotate(size=Count("people", filter=Q(people__is_active=True))).order_by("name")


def team(actor: Actor, team_id: int) -> Team:
    found = teams(actor).filter(pk=team_id).first()
    if found is None:
        raise NotVisible
    return found


def own_tokens(user: User) -> QuerySet[ApiToken]:
    """A person's tokens, newest first; those that were revoked too."""
    return ApiToken.objects.filter(user=user).select_related("user").order_by("revoked_at", "-created_at")


def all_tokens(actor: Actor) -> QuerySet[ApiToken]:
    require(actor, Permission.ADMINISTER)
    return ApiToken.objects.select_related("user").order_by("revoked_at", "-created_at")


def token_for(actor: Actor, token_id: int) -> ApiToken:
    """A token of one's own, or any for those who administer. Raises NotVisible for what is somebody else's."""
    tokens = ApiToken.objects.select_related("user")
    if not actor.may(Permission.ADMINISTER):
        tokens = tokens.filter(user=actor.user)
    found = tokens.filter(pk=token_id).first()
    if found is None:
        raise NotVisible
    return found


def segment_names() -> list[str]:
    """The segments of the definitions in force."""
    try:
        project = current_project()
    except DefinitionsRefused:
        return []
    return sorted(project.segments) if project else []
