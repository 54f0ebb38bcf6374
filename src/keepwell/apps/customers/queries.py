"""Reads of customers. `visible` is the one door for rights: every query about accounts goes through it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Func, Q, QuerySet
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.current_values.columns import Columns
from keepwell.apps.customers.models import Account, AccountList, Person, Relationship, StageChange
from keepwell.definitions.lifecycle import Stage


def reach_of(actor: Actor) -> Q:
    """The accounts an actor may see, as a condition on Account."""
    user = actor.user
    if user is None or sees_all(actor):
        return Q()
    if user.reach == Reach.OWN:
        return Q(owner=user)
    if user.reach == Reach.TEAM:
        return Q(owner=user) | Q(team_id=user.team_id) if user.team_id else Q(owner=user)
    return Q(segments__overlap=user.segments) | Q(owner=user)


def sees_all(actor: Actor) -> bool:
    """Whether no account is hidden from the actor: then nothing has to be looked up among them."""
    return actor.user is None or actor.user.reach == Reach.ALL


def visible(actor: Actor) -> QuerySet[Account]:
    """The accounts an actor may see."""
    return Account.objects.filter(reach_of(actor))


def account_for(actor: Actor, account_id: str) -> Account:
    """One account. Raises NotVisible where there is none, or none for this actor."""
    found = visible(actor).select_related("owner", "parent").filter(pk=account_id).first()
    if found is None:
        raise NotVisible
    return found


def unit_of(account: Account, unit_id: str) -> Relationship:
    """A unit of an account that the actor sees. Raises NotVisible where the account has none of that id."""
    found = account.relationships.select_related("health").filter(pk=unit_id, in_population=True).first()
    if found is None:
        raise NotVisible
    return found


def relationship_for(actor: Actor, unit_id: str) -> Relationship:
    """A unit of an account that the actor sees. Raises NotVisible where there is none."""
    found = Relationship.objects.select_related("health", "account").filter(pk=unit_id, account__in=visible(actor))
    unit = found.first()
    if unit is None:
        raise NotVisible
    return unit


def units_of(account: Account) -> QuerySet[Relationship]:
    """The units of an account that are there, by name."""
    return account.relationships.filter(in_population=True).select_related("health").order_by("name", "pk")


def account_list(list_id: int) -> AccountList:
    """A list; that it is there is known to everybody."""
    found = AccountList.objects.select_related("owner").filter(pk=list_id).first()
    if found is None:
        raise NotVisible
    return found


def accounts_of_list(actor: Actor, of: AccountList) -> QuerySet[Account]:
    """Those of its accounts that the actor sees, by name."""
    return visible(actor).filter(lists=of).select_related("health").order_by("name", "id")


def lists_with_counts(actor: Actor) -> list[AccountList]:
    """Every list by name; `seen` is how many of its accounts the actor sees."""
    members = AccountList.accounts.through.objects.filter(account__in=visible(actor))
    counted = dict(members.values_list("accountlist").annotate(n=Count("pk")).order_by())
    lists = list(AccountList.objects.select_related("owner").order_by("name"))
    for one in lists:
        one.seen = counted.get(one.pk, 0)  # type: ignore[attr-defined]
    return lists


@dataclass(frozen=True)
class Family:
    """An account's parent and children as the actor sees them, and numbers over the account with its children."""

    parent: Account | None
    children: list[Account]
    hidden: int
    arr: float
    worst: Account | None
    renews_next: date | None


def family_of(actor: Actor, account: Account) -> Family:
    """Children that the actor does not see are counted in `hidden` and in nothing else."""
    seen = visible(actor).select_related("health").filter(in_population=True)
    children = list(seen.filter(parent=account).order_by(F("arr").desc(nulls_last=True), "id")[:500])
    every = Account.objects.filter(parent=account, in_population=True).count()
    parent = seen.filter(pk=account.parent_id).first() if account.parent_id else None
    members = [account, *children]
    scored = [one for one in members if _score(one) is not None]
    renewals = [one.renews_on for one in members if one.renews_on is not None]
    return Family(
        parent=parent,
        children=children,
        hidden=max(every - len(children), 0) if len(children) < 500 else 0,
        arr=sum(one.arr or 0 for one in members),
        worst=min(scored, key=lambda one: _score(one) or 0, default=None),
        renews_next=min(renewals, default=None),
    )


def _score(account: Account) -> float | None:
    health = getattr(account, "health", None)
    return None if health is None else health.score


def people_of(account: Account) -> QuerySet[Person]:
    """Those who are there first, then those who left."""
    return (
        account.people.filter(merged_into=None)
        .select_related("personal")
        .prefetch_related("merged__personal")
        .order_by(F("left_on").asc(nulls_first=True), "-is_sponsor", "created_at")
    )


def stages_of(account: Account) -> QuerySet[StageChange]:
    """Where the account has been, newest first."""
    return account.stage_changes.order_by("-occurred_at", "-pk")


def stages_in_force() -> list[tuple[str, Stage]]:
    """The stages of the definitions, in their order."""
    project = current_project()
    return list(project.stages_in_order().items()) if project else []


def owners() -> QuerySet[User]:
    """Who an account can be given to."""
    return User.objects.filter(is_active=True).exclude(role=Role.VIEWER).order_by("name")


def person_for(actor: Actor, key: uuid.UUID) -> Person:
    """Somebody at an account that the actor sees. Raises NotVisible."""
    found = Person.objects.select_related("account").filter(pk=key, account__in=visible(actor)).first()
    if found is None:
        raise NotVisible
    return found


def today_of(columns: Columns | None) -> date:
    """The day that pages count from: that of the last run, which scores and values belong to."""
    return columns.as_of if columns else timezone.localdate()


def stage_counts(actor: Actor) -> dict[str, int]:
    """How many of the actor's accounts are in each lifecycle stage."""
    seen = visible(actor).filter(in_population=True).exclude(stage="").order_by()
    return dict(seen.values_list("stage").annotate(n=Count("pk")))


def segment_counts(actor: Actor) -> dict[str, int]:
    """The same by segment; an account may be in several."""
    seen = visible(actor).filter(in_population=True).order_by()
    return dict(seen.annotate(one=Func(F("segments"), function="unnest")).values_list("one").annotate(n=Count("pk")))
