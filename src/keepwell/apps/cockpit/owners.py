"""Who works a call or a task: chosen by hand or by a role, and always somebody who sees the account."""

from __future__ import annotations

from keepwell.apps.access.actors import Person
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.queries import load_of
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.apps.customers.responsible import owner_meant
from keepwell.errors import FieldRefused

CSM = "csm"


def sees(user: User, account: Account) -> bool:
    return visible(Person(user)).filter(pk=account.pk).exists()


def by_role(who: str, account: Account) -> User | None:
    """Whom a role means at the account. Who does not see it cannot work for it: then its CSM does."""
    found = owner_meant(who or CSM, account, load=load_of)
    if found is not None and not sees(found, account):
        found = owner_meant(CSM, account, load=load_of)
    return found


def by_hand(user_id: int, account: Account) -> User:
    """Raises FieldRefused for somebody who left, may only look, or does not see the account."""
    found = User.objects.filter(pk=user_id, is_active=True).first()
    if found is None or not found.may(Permission.WRITE):
        raise FieldRefused("owner", "choose somebody who signs in here and is no viewer")
    if not sees(found, account):
        raise FieldRefused("owner", f"{found} does not see {account.name}; an admin can change what they see")
    return found


def workers_of(account: Account) -> list[User]:
    """Everybody who could own work of the account."""
    people = User.objects.filter(is_active=True).select_related("team").order_by("name", "pk")
    return [one for one in people if one.may(Permission.WRITE) and _reaches(one, account)]


def _reaches(user: User, account: Account) -> bool:
    """The same as `sees` without a query a person."""
    if user.reach == "all" or account.owner_id == user.pk:
        return True
    if user.reach == "team":
        return user.team_id is not None and account.team_id == user.team_id
    return user.reach == "segment" and bool(set(user.segments) & set(account.segments))
