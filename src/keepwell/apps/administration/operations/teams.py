"""Teams: whose accounts people of a team see together."""

from __future__ import annotations

from django.db import transaction

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.models import Team
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.errors import FieldRefused


@transaction.atomic
def make_team(*, actor: Actor, name: str) -> Team:
    """Raises FieldRefused for a name that is taken."""
    require(actor, Permission.ADMINISTER)
    team = Team.objects.create(name=_free(name))
    record(actor, "made", kind="team", of=team.pk, name=team.name, after={"name": team.name})
    return team


@transaction.atomic
def rename_team(*, actor: Actor, team_id: int, name: str) -> Team:
    require(actor, Permission.ADMINISTER)
    team = _locked(team_id)
    before, team.name = team.name, _free(name, besides=team_id)
    team.save(update_fields=["name"])
    record(actor, "renamed", kind="team", of=team.pk, name=team.name, before={"name": before},
           after={"name": team.name})  # fmt: skip
    return team


@transaction.atomic
def remove_team(*, actor: Actor, team_id: int) -> None:
    """Raises FieldRefused while somebody is in it, because what they see would change."""
    require(actor, Permission.ADMINISTER)
    team = _locked(team_id)
    people = sorted(team.people.values_list("name", flat=True))
    if people:
        raise FieldRefused("", f"{team} has people: {', '.join(people)}; move them to another team first")
    record(actor, "removed", kind="team", of=team.pk, name=team.name, before={"name": team.name})
    team.delete()


def _free(name: str, besides: int | None = None) -> str:
    name = name.strip()
    others = Team.objects.filter(name__iexact=name)
    if (others if besides is None else others.exclude(pk=besides)).exists():
        raise FieldRefused("name", f"There is a team {name} already")
    return name


def _locked(team_id: int) -> Team:
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise NotVisible
    return team
