"""Inviting people, what they may do and see, and ending their access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.invitations import password_link
from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import NAMES, Permission, Reach, Role
from keepwell.apps.audit.operations import record
from keepwell.apps.notices.operations import write_mail
from keepwell.errors import FieldRefused


@dataclass(frozen=True)
class Standing:
    """Who somebody is, what they may do and which accounts they see."""

    email: str
    name: str
    role: Role
    team: Team | None = None
    reach: Reach = Reach.ALL
    segments: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def invite(*, actor: Actor, standing: Standing) -> User:
    """Somebody new, with a mail by which they set a password. Raises FieldRefused for an address that is taken."""
    require(actor, Permission.ADMINISTER)
    email = standing.email.strip().lower()
    known = User.objects.filter(email=email).first()
    if known is not None:
        how = "" if known.is_active else "; let them in again on their own page"
        raise FieldRefused("email", f"{email} is {known.name} already{how}")
    _check(standing)
    user = User.objects.create_user(email, None, **_fields(standing))
    record(actor, "invited", kind="person", of=user.pk, name=str(user), after=_told(user))
    _mail_invitation(actor, user)
    return user


@transaction.atomic
def invite_again(*, actor: Actor, user_id: int) -> User:
    """Another mail with another link; the one before is good until one of them was used."""
    require(actor, Permission.ADMINISTER)
    user = _locked(user_id)
    if not user.is_active:
        raise FieldRefused("", f"{user} may not sign in; let them in again first")
    record(actor, "invited again", kind="person", of=user.pk, name=str(user))
    _mail_invitation(actor, user)
    return user


@transaction.atomic
def change_person(*, actor: Actor, user_id: int, standing: Standing) -> User:
    """Name, address, role, team and reach. Raises FieldRefused where nobody would be left to administer."""
    require(actor, Permission.ADMINISTER)
    admins = _locked_admins()
    user = _locked(user_id)
    if standing.role != Role.ADMIN:
        _keep_an_admin(admins, user, "role")
    _check(standing)
    email = standing.email.strip().lower()
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        raise FieldRefused("email", f"{email} is somebody else's address")
    before = _told(user)
    user.email = email
    for name, value in _fields(standing).items():
        setattr(user, name, value)
    user.save()
    record(actor, "changed", kind="person", of=user.pk, name=str(user), before=before, after=_told(user))
    return user


@transaction.atomic
def deactivate(*, actor: Actor, user_id: int) -> User:
    """They are signed out everywhere and their tokens are revoked; what they did stays theirs."""
    require(actor, Permission.ADMINISTER)
    admins = _locked_admins()
    user = _locked(user_id)
    if not user.is_active:
        return user
    _keep_an_admin(admins, user, "")
    user.is_active = False
    user.save(update_fields=["is_active"])
    revoked = user.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    record(actor, "deactivated", kind="person", of=user.pk, name=str(user), before={"active": True},
           after={"active": False, "tokens revoked": revoked})  # fmt: skip
    return user


@transaction.atomic
def reactivate(*, actor: Actor, user_id: int) -> User:
    """They may sign in again, as before; their tokens stay revoked."""
    require(actor, Permission.ADMINISTER)
    user = _locked(user_id)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record(actor, "let in again", kind="person", of=user.pk, name=str(user), before={"active": False},
               after={"active": True})  # fmt: skip
    return user


@transaction.atomic
def appoint_admin(*, actor: Actor, email: str, name: str) -> str:
    """An admin by this address, made or promoted; returns a link by which they set a password."""
    require(actor, Permission.ADMINISTER)
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    before = _told(user) if user else {}
    if user is None:
        user = User.objects.create_user(email, None, name=name or email.partition("@")[0], role=Role.ADMIN)
    user.role, user.is_active, user.reach = Role.ADMIN, True, Reach.ALL
    user.save()
    record(actor, "appointed", kind="person", of=user.pk, name=str(user), before=before, after=_told(user))
    return password_link(user)


def _check(standing: Standing) -> None:
    if standing.reach == Reach.TEAM and standing.team is None:
        raise FieldRefused("team", "Choose a team, or another reach: they would see no account but their own")
    if standing.reach == Reach.SEGMENT and not standing.segments:
        raise FieldRefused("segments", "Name at least one segment, or choose another reach")


def _keep_an_admin(admins: list[User], user: User, field: str) -> None:
    if [one.pk for one in admins] == [user.pk]:
        raise FieldRefused(field, f"{user} is the last admin; make somebody else an admin first")


def _locked_admins() -> list[User]:
    """Those who administer; locked, so that two admins cannot remove each other at once."""
    return list(User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("pk"))


def _locked(user_id: int) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotVisible
    return user


def _fields(standing: Standing) -> dict[str, Any]:
    return {
        "name": standing.name.strip(),
        "role": standing.role,
        "team": standing.team,
        "reach": standing.reach,
        "segments": sorted(set(standing.segments)) if standing.reach == Reach.SEGMENT else [],
    }


def _told(user: User) -> dict[str, Any]:
    """A person as the audit keeps them."""
    team = user.team.name if user.team else None
    return {"email": user.email, "name": user.name, "role": str(user.role), "team": team, "reach": str(user.reach),
            "segments": list(user.segments), "active": user.is_active}  # fmt: skip


def _mail_invitation(actor: Actor, user: User) -> None:
    days = settings.PASSWORD_RESET_TIMEOUT // 86400
    text = (
        f"Hello {user.name},\n\n{actor.name} invites you to Keepwell as {NAMES[Role(user.role)]}.\n\n"
        f"Set a password here, within {days} days:\n{password_link(user)}\n\n"
        f"After that you sign in at {settings.ENVIRONMENT.public_url} with {user.email}.\n"
    )
    write_mail(to=[user.email], subject="You are invited to Keepwell", text=text)
