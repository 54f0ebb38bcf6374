"""What people may do: roles, the permissions each has, and the scopes of API tokens."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One thing that somebody may do; pages, API, command line and jobs ask for the same."""

    VIEW = "view"
    WRITE = "write"  # what CSMs do every day: scores, notes, stages of accounts in their scope
    BULK = "bulk"  # the same for many accounts at once
    SEND = "send"  # surveys to people at customers
    CONFIGURE = "configure"  # scorecards, metrics, segments
    RUN = "run"  # start a run
    ADMINISTER = "administer"  # people, roles, tokens of others, audit


class Role(StrEnum):
    VIEWER = "viewer"
    CSM = "csm"
    MANAGER = "manager"
    ADMIN = "admin"


_CSM = frozenset({Permission.VIEW, Permission.WRITE})
_MANAGER = _CSM | {Permission.BULK, Permission.SEND, Permission.CONFIGURE, Permission.RUN}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.VIEW}),
    Role.CSM: _CSM,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: frozenset(Permission),
}

NAMES = {Role.VIEWER: "Viewer", Role.CSM: "CSM", Role.MANAGER: "Manager", Role.ADMIN: "Admin"}


class Reach(StrEnum):
    """Which accounts a person sees."""

    ALL = "all"
    TEAM = "team"  # accounts owned by somebody in the person's team
    OWN = "own"  # accounts the person owns
    SEGMENT = "segment"  # accounts in the segments named in the person's scope
