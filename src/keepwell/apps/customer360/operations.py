"""Writes: how a person arranges their pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customer360.panels import BY_NAME
from keepwell.errors import RequestRefused


@transaction.atomic
def arrange(*, actor: Actor, segment: str, order: Sequence[str], hidden: Sequence[str]) -> None:
    """Keeps the order of panels for accounts of a segment ("" for all). Raises RequestRefused for an unknown panel."""
    user = _locked(actor)
    if unknown := [name for name in (*order, *hidden) if name not in BY_NAME]:
        raise RequestRefused(f"there is no panel {', '.join(unknown)}; panels are {', '.join(BY_NAME)}")
    layouts = {**user.preferences.get("layouts", {}), segment: {"order": list(order), "hidden": list(hidden)}}
    _keep(actor, user, layouts, f"layout for {segment or 'all accounts'}")


@transaction.atomic
def arrange_as_role(*, actor: Actor, segment: str) -> None:
    """Forgets a layout of one's own: the role's counts again."""
    user = _locked(actor)
    layouts = {name: kept for name, kept in user.preferences.get("layouts", {}).items() if name != segment}
    _keep(actor, user, layouts, f"layout for {segment or 'all accounts'}")


def _locked(actor: Actor) -> User:
    require(actor, Permission.VIEW)
    assert actor.user is not None, "a layout belongs to a person"
    return User.objects.select_for_update().get(pk=actor.user.pk)


def _keep(actor: Actor, user: User, layouts: dict[str, object], name: str) -> None:
    before = {"layouts": user.preferences.get("layouts", {})}
    user.preferences = {**user.preferences, "layouts": layouts}
    user.save(update_fields=["preferences"])
    record(actor, "arranged", kind="layout", of=user.pk, name=name, before=before, after={"layouts": layouts})
