"""Who is meant by a role at an account: its CSM, the manager, the next of a team, or a named person."""

from __future__ import annotations

from collections.abc import Callable, Collection

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission, Role
from keepwell.apps.customers.models import Account

ROLES = ("csm", "manager", "team")
ROUND_ROBIN, TEAM = "round_robin:", "team:"


def people_meant(who: str, account: Account) -> list[User]:
    """Everybody that `who` means: csm, manager, team (of the CSM), team:NAME, or an address. Only who may sign in."""
    if who == "csm":
        return _active([account.owner])
    if who == "manager":
        return _managers(account.team_id)
    if who == "team":
        return _team(team_id=account.team_id) if account.team_id else []
    if who.startswith(TEAM):
        return _team(team__name=who.removeprefix(TEAM))
    return list(User.objects.filter(email__iexact=who, is_active=True))


def owner_meant(who: str, account: Account, *, load: Callable[[Collection[User]], dict[int, int]]) -> User | None:
    """The one who works it: with round_robin:TEAM whoever of the team has least to do by `load` (count by id).

    Whoever left, or may only look, is passed over: the account's CSM stands in, then a manager of the team.
    """
    if who.startswith(ROUND_ROBIN):
        team = [one for one in _team(team__name=who.removeprefix(ROUND_ROBIN)) if one.may(Permission.WRITE)]
        counts = load(team)
        if team:
            return min(team, key=lambda one: (counts.get(one.pk, 0), one.pk))
    for candidate in (who, "csm", "manager"):
        able = [one for one in people_meant(candidate, account) if one.may(Permission.WRITE)]
        if able and not candidate.startswith(ROUND_ROBIN):
            return able[0]
    return None


def _active(people: Collection[User | None]) -> list[User]:
    return [one for one in people if one is not None and one.is_active]


def _managers(team_id: int | None) -> list[User]:
    """Of the team; where it has none, of those who belong to no team."""
    managers = User.objects.filter(role=Role.MANAGER, is_active=True).order_by("pk")
    own = list(managers.filter(team_id=team_id)) if team_id else []
    return own or list(managers.filter(team=None))


def _team(**which: object) -> list[User]:
    return list(User.objects.filter(is_active=True, **which).order_by("pk"))
