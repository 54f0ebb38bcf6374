"""Who sees what of an optimism report: measures are for everybody, people for those who lead them."""

from __future__ import annotations

from collections.abc import Collection

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission, Reach
from keepwell.apps.experiments.asides import seen_by as without_strange_accounts
from keepwell.apps.experiments.kinds.kind import Found


def seen_by(actor: Actor, found: Found) -> Found:
    """People by name for those who configure, as far as they see their accounts; nobody else sees anybody."""
    named = names_for(actor)
    people = [one for one in found["people"] if named is None or one["author"] in named]
    left_out = found["left_out"] if actor.may(Permission.CONFIGURE) else {}
    return without_strange_accounts(actor, {**found, "people": people, "left_out": left_out})


def names_for(actor: Actor) -> Collection[str] | None:
    """Whose entries one may see by name; None: everybody's. A name that others bear too is nobody's."""
    if not actor.may(Permission.CONFIGURE):
        return ()
    user = actor.user
    if user is None or user.reach == Reach.ALL:
        return None
    own = User.objects.filter(pk=user.pk)
    if user.reach == Reach.TEAM and user.team_id:
        own = User.objects.filter(team=user.team_id)
    names = set(own.values_list("name", flat=True))
    others = User.objects.exclude(pk__in=own.values("pk")).filter(name__in=names)
    return names - set(others.values_list("name", flat=True))
