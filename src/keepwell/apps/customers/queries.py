"""Reads of customers. `visible` is the one door for rights: every query about accounts goes through it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.roles import Reach
from keepwell.apps.customers.models import Account


def reach_of(actor: Actor) -> Q:
    """The accounts an actor may see, as a condition on Account."""
    user = actor.user
    if user is None or user.reach == Reach.ALL:
        return Q()
    if user.reach == Reach.OWN:
        return Q(owner=user)
    if user.reach == Reach.TEAM:
        return Q(owner=user) | Q(team_id=user.team_id) if user.team_id else Q(owner=user)
    return Q(segments__overlap=user.segments) | Q(owner=user)


def visible(actor: Actor) -> QuerySet[Account]:
    """The accounts an actor may see."""
    return Account.objects.filter(reach_of(actor))


def account_for(actor: Actor, account_id: str) -> Account:
    """One account. Raises NotVisible where there is none, or none for this actor."""
    found = visible(actor).select_related("owner", "parent").filter(pk=account_id).first()
    if found is None:
        raise NotVisible
    return found
