"""Whoever acts: a person through a page, the API or the command line, or a named part of the system."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from django.http import HttpRequest

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import PERMISSIONS, Permission, Role


class Forbidden(Exception):
    """The actor can see the thing and may not do this with it."""


class NotVisible(Exception):
    """There is no such thing, or the actor may not know of it: the two look alike."""


class Actor(Protocol):
    """Operations ask it for a permission, the audit asks who it was and from where."""

    @property
    def name(self) -> str: ...
    @property
    def user(self) -> User | None: ...
    @property
    def origin(self) -> str: ...
    def may(self, permission: Permission) -> bool: ...


@dataclass(frozen=True)
class Person:
    """A signed-in person. `permitted`: no more than this, where a token acts for them."""

    user: User
    origin: str = "page"
    permitted: frozenset[Permission] = field(default_factory=lambda: frozenset(Permission))

    @property
    def name(self) -> str:
        return str(self.user)

    def may(self, permission: Permission) -> bool:
        return permission in self.permitted and self.user.may(permission)


@dataclass(frozen=True)
class System:
    """A trusted part of the program, by name: it sees everything and may do everything."""

    name: str
    origin: str = "job"
    user: None = None

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[Role.ADMIN]


def actor_of(request: HttpRequest) -> Person:
    """Who asks for a page."""
    assert isinstance(request.user, User)
    return Person(request.user)


def require(actor: Actor, permission: Permission) -> None:
    """Raises Forbidden where the actor may not."""
    if not actor.may(permission):
        raise Forbidden(f"{actor.name} may not {_WORDS[permission]}; ask an admin for another role")


_WORDS = {
    Permission.VIEW: "see this",
    Permission.WRITE: "change this",
    Permission.BULK: "change many accounts at once",
    Permission.SEND: "send surveys to customers",
    Permission.CONFIGURE: "change how health is scored",
    Permission.RUN: "start runs",
    Permission.ADMINISTER: "manage people and settings",
}
