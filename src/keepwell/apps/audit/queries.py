"""Reads of the audit."""

from __future__ import annotations

from django.db.models import QuerySet

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.models import Change


def all_changes(actor: Actor) -> QuerySet[Change]:
    """Everything that was done, newest first, for those who administer."""
    require(actor, Permission.ADMINISTER)
    return Change.objects.order_by("-at", "-pk")


def changes_of_account(account_id: str) -> QuerySet[Change]:
    """What was done to one account, newest first; whether the actor sees the account was asked before."""
    return Change.objects.filter(account_id=account_id).order_by("-at", "-pk")
